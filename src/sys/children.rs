//! Whether the ends of children can be learnt at all.

/// Whether the kernel throws away how children of this process end, because somebody ignores SIGCHLD or has asked for
/// just that.
#[must_use]
pub fn are_reaped_by_the_kernel() -> bool {
    #[expect(unsafe_code, reason = "sigaction is only to be had from libc")]
    // SAFETY: with a null new action sigaction only writes the old one, for which zeroes are a valid start.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGCHLD, std::ptr::null(), &raw mut old) == 0
            && (old.sa_sigaction == libc::SIG_IGN || old.sa_flags & libc::SA_NOCLDWAIT != 0)
    }
}
