//! `cube(n)`.

use super::{Body, Kernel};

pub(super) static KERNEL: Kernel =
    Kernel { name: "cube", summary: "n**3 of an integer", body: Body::Power(3) };
