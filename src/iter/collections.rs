//! Collections other than vectors, of an iterator whose first failed item panics.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};

use super::arrivals::Arrivals;
use super::collect::FromProcIterator;
use super::{IntoProcIterator, ProcIterator};
use crate::call::Value;

macro_rules! collections {
    ($([$($generics:tt)*] $item:ty => $collection:ty;)*) => {
        $(
            /// # Panics
            /// At the first item that failed.
            impl<$($generics)*> FromProcIterator<$item> for $collection {
                fn from_proc_iter<I: IntoProcIterator<Item = $item>>(iter: I) -> Self {
                    let mut collection = Self::default();
                    collection.extend(Arrivals::of(iter.into_proc_iter()).values());
                    collection
                }
            }
        )*
    };
}

collections! {
    [T: Value] T => VecDeque<T>;
    [T: Value] T => LinkedList<T>;
    [T: Value + Ord] T => BinaryHeap<T>;
    [T: Value + Ord] T => BTreeSet<T>;
    [T: Value + Eq + Hash, S: BuildHasher + Default] T => HashSet<T, S>;
    [K: Value + Ord, V: Value] (K, V) => BTreeMap<K, V>;
    [K: Value + Eq + Hash, V: Value, S: BuildHasher + Default] (K, V) => HashMap<K, V, S>;
    [] char => String;
    [] String => String;
}

/// Nothing, once all is done.
///
/// # Panics
/// At the first item that failed.
impl FromProcIterator<()> for () {
    fn from_proc_iter<I: IntoProcIterator<Item = ()>>(iter: I) -> Self {
        iter.into_proc_iter().for_each(|()| {});
    }
}
