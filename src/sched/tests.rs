//! Stories, one for each thing that can happen to an item; and a world in which everything happens in any
//! order.

mod any_order;
mod choices;
mod run;
mod stories;
mod world;
