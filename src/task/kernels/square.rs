//! `square(n)`.

use super::{Body, Kernel};

pub(super) static KERNEL: Kernel =
    Kernel { name: "square", summary: "n**2 of an integer", body: Body::Power(2) };
