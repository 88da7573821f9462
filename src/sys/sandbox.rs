//! A process that may read and compute, and nothing else: it changes no file, reaches no network and signals no process but
//! those that it has started.
//!
//! Two parts of the kernel see to that. Landlock denies what names things: writing, making, removing and truncating files,
//! TCP, and signals to whoever is outside. Seccomp denies calls that Landlock does not know: sockets of any kind, changes of
//! modes, owners and times, System V and POSIX message queues and memory, ptrace and its like, and `io_uring`, which would
//! walk around both. It says "not permitted" (EPERM) and ends nobody.
//!
//! What it cannot do: keep secrets that can be read (reading is allowed anywhere), bound what is used up, or protect from
//! faults of the kernel and side channels.

use std::collections::BTreeMap;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// Why there is no sandbox to be had.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Landlock is missing, switched off, or too old.
    #[error("{0} (it takes Linux 6.12 or newer, with Landlock switched on)")]
    Landlock(#[from] RulesetError),
    /// It was there, and does not do all that was asked for.
    #[error("Landlock keeps only a part of it here (it takes Linux 6.12 or newer)")]
    Partial,
    /// Seccomp is missing, or not for this kind of machine.
    #[error("{0} (it takes a kernel with seccomp)")]
    Seccomp(#[from] seccompiler::Error),
    /// Seccomp filters are not made for this kind of machine.
    #[error("{0} (it takes a kernel with seccomp)")]
    Filter(#[from] seccompiler::BackendError),
    /// `/dev/null` is not there.
    #[error("/dev/null: {0}")]
    Null(#[from] landlock::PathFdError),
}

impl From<SandboxError> for io::Error {
    fn from(error: SandboxError) -> Self {
        Self::other(format!("there is no sandbox to be had: {error}"))
    }
}

/// Whether there is a sandbox to be had. Nothing is restricted.
///
/// # Errors
/// There is none, and why.
pub fn check() -> Result<(), SandboxError> {
    ruleset()?;
    filter()?;
    Ok(())
}

/// Confines the calling thread, and all threads and processes that it starts from now on, for good. What is open stays open.
///
/// # Errors
/// There is no sandbox to be had. The thread may be confined in part.
pub fn enter() -> Result<(), SandboxError> {
    let program = filter()?;
    let status = ruleset()?.restrict_self()?;
    if status.ruleset != RulesetStatus::FullyEnforced {
        return Err(SandboxError::Partial);
    }
    Ok(seccompiler::apply_filter(&program)?)
}

fn ruleset() -> Result<RulesetCreated, SandboxError> {
    let writes = AccessFs::from_write(ABI::V5);
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(writes)?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?;
    // What is written there is nowhere, and programs that say so (`2>/dev/null`) are many.
    let null = PathBeneath::new(PathFd::new("/dev/null")?, AccessFs::WriteFile);
    Ok(ruleset.add_rule(null)?)
}

/// Calls that are denied whatever their arguments.
const DENIED: &[i64] = &[
    // Out of the process: sockets of any kind. Pairs of them stay, since both ends are one's own.
    libc::SYS_socket,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    // Changes that Landlock does not count as writing.
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    SETXATTRAT,
    REMOVEXATTRAT,
    FILE_SETATTR,
    // Memory and queues that others can see.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_shmctl,
    libc::SYS_msgctl,
    libc::SYS_semctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_setpriority,
    libc::SYS_ioprio_set,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    // The system, for whoever is allowed to otherwise.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_open_tree,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_quotactl,
    libc::SYS_acct,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
];

/// The same, as older programs call them; newer kinds of machines never had these.
#[cfg(target_arch = "x86_64")]
const DENIED_OF_OLD: &[i64] = &[
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_kexec_file_load,
    libc::SYS_iopl,
    libc::SYS_ioperm,
];
#[cfg(not(target_arch = "x86_64"))]
const DENIED_OF_OLD: &[i64] = &[];

// Calls that are newer than what libc names, with the same number on all machines.
const FCHMODAT2: i64 = 452;
const SETXATTRAT: i64 = 463;
const REMOVEXATTRAT: i64 = 466;
const FILE_SETATTR: i64 = 469;

/// On x86-64, calls with this bit are taken as those of its variant with short pointers, where the kernel has it.
#[cfg(target_arch = "x86_64")]
const VARIANTS: &[i64] = &[0, 0x4000_0000];
#[cfg(not(target_arch = "x86_64"))]
const VARIANTS: &[i64] = &[0];

fn filter() -> Result<seccompiler::BpfProgram, SandboxError> {
    let is = |argument, value: u64| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
    };
    let is_not = |argument, value: u64| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, value)
    };
    // Keys that somebody seems to have typed.
    let types = [libc::TIOCSTI, libc::TIOCLINUX]
        .into_iter()
        .map(|request| SeccompRule::new(vec![is(1, request)?]))
        .collect::<Result<Vec<_>, _>>()?;
    // Limits of other processes.
    let limits = vec![SeccompRule::new(vec![is_not(0, 0)?])?];
    let mut rules = BTreeMap::new();
    for variant in VARIANTS {
        for call in DENIED.iter().chain(DENIED_OF_OLD) {
            rules.insert(call | variant, Vec::new());
        }
        rules.insert(libc::SYS_ioctl | variant, types.clone());
        rules.insert(libc::SYS_prlimit64 | variant, limits.clone());
    }
    let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let machine = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, machine)?;
    Ok(filter.try_into()?)
}
