//! The cases: who misbehaves, how, and what must come of it.

use std::time::Duration;

/// What a worker does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    // Before the handshake is done.
    ShakesNoHand,
    ExitsAtOnce,
    SendsGarbageFirst,
    SendsTooMuchFirst,
    LiesAboutItsPid,
    RefusesAndExits,
    RefusesAndStays,

    // With the control socket, later on.
    ChattersGarbage,
    FloodsDoorbells,
    HangsUpAndStays,
    HangsUpAndWorks,
    SendsAnEmptyMessage,

    // With whole regions of memory.
    NoiseOnce,
    NoiseForEver,
    ScribblesWords,
    ScribblesPayload,
    ScribblesAnywhere,
    PunchesAHole,

    // With one word.
    TailTooFar,
    TailBackwards,
    TailRandom,
    ItemsTooMany,
    ItemsBackwards,
    ItemsWithoutBytes,
    HeadAhead,
    HeadBackwards,
    ClaimRandom,
    ClaimBackwards,
    ClaimBeyondGranted,
    GrantRaised,
    GrantLowered,
    ClaimFlickers,
    SleepGarbage,
    SleepAwake,
    OwnSleepAwake,

    // With what it commits.
    TooFewNewlines,
    TooManyNewlines,
    NoNewline,
    OnlyZeros,
    ControlCharacters,
    HalfALineBehind,
    TooFewCells,
    TooManyCells,
    TornCell,
    EndlessResult,
    EndlessTrickle,
    ReplaysABatch,
    CommitsWhatIsNotLeased,
    CommitsWhatWasTakenBack,
    CommitsUnclaimed,
    CommitsBeforeItIsGranted,

    // With itself.
    SilentWithItems,
    SilentWithClaimedItems,
    StopsItself,
    ExitsMidway,
    LeavesAGrandchild,
    LooksForTheSegment,

    /// Nothing: what the other cases are compared to.
    Works,
    /// Something of the above, or nothing wrong at all, as the dice fall.
    Anything,
}

/// Which workers do it; all others work as they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// The first worker of the first slot.
    First,
    /// Every worker of the first slot.
    FirstSlot,
    /// Every worker.
    All,
}

/// How a misbehaving worker must end, as the supervisor tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// It lives on until the run is over: what it does is of no account.
    Never,
    /// For breaking the protocol, in the way whose `Violation` is written like this.
    For(&'static str),
    /// For breaking the protocol.
    ForAnyViolation,
    /// By itself, with this status.
    Exit(i32),
    /// By itself, after it had said so, which is told as this.
    Refused(&'static str),
    /// By this signal.
    Signal(i32),
    /// In any way, or not at all.
    Anyhow,
}

/// The items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// So many numbers of a range, half a millisecond each.
    Slow(u64),
    /// So many numbers of a range, nanoseconds each.
    Fast(u64),
    /// So many lines, nanoseconds each.
    Lines(u64),
    /// So many numbers of a range, whose results are binary numbers.
    Cells(u64),
}

impl Load {
    pub(crate) fn items(self) -> u64 {
        match self {
            Self::Slow(items) | Self::Fast(items) | Self::Lines(items) | Self::Cells(items) => {
                items
            }
        }
    }
}

/// Which items may end without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fails {
    None,
    /// Just so many, each for a reason that is written like this.
    Just(u64, &'static str),
    /// Any, since it is in the hands of misbehaving workers every time.
    Any,
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) behaviour: Behaviour,
    pub(crate) who: Who,
    pub(crate) seed: u64,
    pub(crate) load: Load,
    pub(crate) chunk: Option<u64>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: u32,
    pub(crate) ends: Ends,
    pub(crate) fails: Fails,
    /// Whether what it commits may look right and be wrong: then only what others commit must be right.
    pub(crate) lies: bool,
    /// Whether the run must end because no worker can be kept alive.
    pub(crate) gives_up: bool,
    pub(crate) is_long: bool,
}

impl Case {
    fn new(name: &str, behaviour: Behaviour, ends: Ends) -> Self {
        Self {
            name: name.into(),
            behaviour,
            who: Who::First,
            seed: 0,
            load: Load::Slow(600),
            chunk: Some(20),
            timeout: None,
            retries: 2,
            ends,
            fails: Fails::None,
            lies: false,
            gives_up: false,
            is_long: false,
        }
    }

    fn who(self, who: Who) -> Self {
        Self { who, ..self }
    }

    fn load(self, load: Load) -> Self {
        Self { load, ..self }
    }

    fn chunk(self, chunk: u64) -> Self {
        Self { chunk: Some(chunk), ..self }
    }

    fn timeout(self, millis: u64) -> Self {
        Self { timeout: Some(Duration::from_millis(millis)), ..self }
    }

    fn retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    fn fails(self, fails: Fails) -> Self {
        Self { fails, ..self }
    }

    fn lies(self) -> Self {
        Self { lies: true, ..self }
    }

    /// Whether it ends for sure, and for what a worker has written into shared memory.
    pub(crate) fn is_of_writing(&self) -> bool {
        let elsewhere = ["Handshake", "HungUp", "ResultSize(1048576)"];
        match self.ends {
            Ends::ForAnyViolation => true,
            Ends::For(violation) => !elsewhere.contains(&violation),
            _ => false,
        }
    }

    /// The same with these seeds, each a case of its own.
    fn seeds(self, seeds: std::ops::Range<u64>) -> impl Iterator<Item = Self> {
        seeds.map(move |seed| Self {
            name: format!("{}::seed_{seed}", self.name),
            seed,
            ..self.clone()
        })
    }
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    use Behaviour::*;
    use Ends::*;
    let mut cases = vec![
        Case::new("honest::slow", Works, Never),
        Case::new("honest::fast", Works, Never).load(Load::Fast(300_000)),
        Case::new("honest::lines", Works, Never).load(Load::Lines(100_000)),
        Case::new("honest::cells", Works, Never).load(Load::Cells(300_000)),
        Case::new("honest::large_leases", Works, Never).load(Load::Lines(60_000)).chunk(3000),
        //
        Case::new("handshake::never_comes", ShakesNoHand, For("Handshake")).load(Load::Slow(6000)),
        Case::new("handshake::exits_instead", ExitsAtOnce, Exit(3)),
        Case::new("handshake::garbage", SendsGarbageFirst, For("Handshake")),
        Case::new("handshake::too_long", SendsTooMuchFirst, For("Handshake")),
        Case::new("handshake::of_another_process", LiesAboutItsPid, For("Handshake")),
        Case::new("handshake::refused", RefusesAndExits, Refused("no  [2J today")),
        Case::new("handshake::refused_by_one_who_stays", RefusesAndStays, For("Handshake"))
            .load(Load::Slow(6000)),
        Case::new("handshake::garbage_every_time", SendsGarbageFirst, For("Handshake"))
            .who(Who::FirstSlot),
        Case {
            gives_up: true,
            ..Case::new("handshake::garbage_from_all", SendsGarbageFirst, For("Handshake"))
                .who(Who::All)
        },
        //
        Case::new("socket::garbage_for_ever", ChattersGarbage, Never),
        Case::new("socket::doorbells_for_ever", FloodsDoorbells, Never),
        Case::new("socket::doorbells_from_all", FloodsDoorbells, Never).who(Who::All),
        Case::new("socket::closed_by_one_who_stays", HangsUpAndStays, For("HungUp")),
        Case::new("socket::closed_by_one_who_works", HangsUpAndWorks, For("HungUp"))
            .load(Load::Slow(2000)),
        Case::new("socket::empty_message", SendsAnEmptyMessage, For("HungUp"))
            .load(Load::Slow(2000)),
        //
        Case::new("tail::too_far", TailTooFar, For("Position")),
        Case::new("tail::backwards", TailBackwards, For("Position")),
        Case::new("tail::items_too_many", ItemsTooMany, For("ItemCount")),
        Case::new("tail::items_backwards", ItemsBackwards, For("ItemCount")),
        Case::new("tail::items_without_bytes", ItemsWithoutBytes, For("Framing")),
        Case::new("tail::too_far_and_no_second_try", TailTooFar, For("Position"))
            .retries(0)
            .fails(Fails::Just(1, "Died(Protocol(Position))")),
        Case::new("tail::too_far_every_time", TailTooFar, For("Position"))
            .who(Who::FirstSlot)
            .fails(Fails::Any),
        //
        Case::new("head::ahead", HeadAhead, For("Position")).chunk(1).load(Load::Slow(3000)),
        Case::new("head::backwards", HeadBackwards, Anyhow).chunk(1).timeout(500).fails(Fails::Any),
        //
        Case::new("claim::backwards", ClaimBackwards, For("Claim")),
        Case::new("claim::beyond_what_is_granted", ClaimBeyondGranted, For("Claim")),
        Case::new("claim::granted_raised", GrantRaised, For("Claim")),
        Case::new("claim::granted_lowered", GrantLowered, For("Claim")),
        Case::new("claim::flickers", ClaimFlickers, Anyhow).lies().fails(Fails::Any).timeout(1000),
        //
        Case::new("sleep::garbage", SleepGarbage, Never),
        Case::new("sleep::both_awake", SleepAwake, Never),
        Case::new("sleep::itself_awake", OwnSleepAwake, Never),
        Case::new("sleep::both_awake_all_workers", SleepAwake, Never)
            .who(Who::All)
            .load(Load::Slow(200)),
        //
        Case::new("payload::too_few_newlines", TooFewNewlines, For("Framing")),
        Case::new("payload::too_many_newlines", TooManyNewlines, For("Framing")),
        Case::new("payload::no_newline", NoNewline, For("Framing")),
        Case::new("payload::half_a_line_behind", HalfALineBehind, For("Framing")),
        Case::new("payload::too_few_cells", TooFewCells, For("Framing")).load(Load::Cells(60_000)),
        Case::new("payload::too_many_cells", TooManyCells, For("Framing"))
            .load(Load::Cells(60_000)),
        Case::new("payload::torn_cell", TornCell, For("Framing")).load(Load::Cells(60_000)),
        Case::new("payload::no_cells", OnlyZeros, For("Framing")).load(Load::Cells(60_000)),
        Case::new("payload::zeros", OnlyZeros, For("Framing")),
        Case::new("payload::control_characters", ControlCharacters, For("Framing"))
            .fails(Fails::Just(1, "Failed(\" [2J evil\")")),
        Case::new("payload::endless_result", EndlessResult, For("ResultSize(1048576)")),
        Case::new("payload::endless_trickle", EndlessTrickle, Signal(libc::SIGKILL))
            .timeout(400)
            .fails(Fails::Just(1, "TimedOut(400ms)")),
        Case::new("payload::replayed", ReplaysABatch, For("ItemCount")).lies(),
        //
        Case::new("commit::never_leased", CommitsWhatIsNotLeased, For("ItemCount")),
        Case::new("commit::taken_back", CommitsWhatWasTakenBack, For("ItemCount")),
        Case::new("commit::before_it_is_granted", CommitsBeforeItIsGranted, For("ItemCount"))
            .load(Load::Lines(60_000))
            .chunk(3000),
        Case::new("commit::unclaimed", CommitsUnclaimed, Anyhow).lies(),
        Case::new("commit::unclaimed_in_large_leases", CommitsUnclaimed, Anyhow)
            .load(Load::Lines(60_000))
            .chunk(3000)
            .lies(),
        //
        Case::new("process::silent", SilentWithItems, Signal(libc::SIGKILL))
            .timeout(300)
            .fails(Fails::Just(1, "TimedOut(300ms)")),
        Case::new(
            "process::silent_with_claimed_items",
            SilentWithClaimedItems,
            Signal(libc::SIGKILL),
        )
        .timeout(300)
        .fails(Fails::Just(1, "TimedOut(300ms)")),
        Case::new("process::stopped", StopsItself, Signal(libc::SIGKILL))
            .timeout(300)
            .fails(Fails::Just(1, "TimedOut(300ms)")),
        Case::new("process::exits_0_midway", ExitsMidway, Exit(0)),
        Case::new("process::exits_0_midway_every_time", ExitsMidway, Exit(0))
            .who(Who::FirstSlot)
            .fails(Fails::Any),
        Case::new("process::leaves_a_grandchild", LeavesAGrandchild, Signal(libc::SIGABRT)),
        Case::new("process::finds_no_segment", LooksForTheSegment, Never),
        Case::new("memory::hole", PunchesAHole, For("Position")),
    ];
    for (name, behaviour, ends) in [
        ("memory::noise_once", NoiseOnce, ForAnyViolation),
        ("memory::noise_for_ever", NoiseForEver, ForAnyViolation),
        ("memory::words", ScribblesWords, Anyhow),
        ("memory::payload", ScribblesPayload, Anyhow),
        ("memory::anywhere", ScribblesAnywhere, Anyhow),
        ("tail::random", TailRandom, ForAnyViolation),
        ("claim::random", ClaimRandom, Anyhow),
    ] {
        let case = Case::new(name, behaviour, ends)
            .who(Who::FirstSlot)
            .fails(Fails::Any)
            .timeout(1000)
            .lies();
        cases.extend(case.clone().seeds(0..2));
        let fast = Case { name: format!("{name}::fast"), chunk: None, ..case.clone() };
        cases.extend(fast.load(Load::Fast(300_000)).seeds(2..3));
        let cells = Case { name: format!("{name}::cells"), chunk: None, ..case.clone() };
        cases.extend(cells.load(Load::Cells(300_000)).seeds(4..5));
        let lines = Case { name: format!("{name}::lines"), chunk: None, ..case };
        cases.extend(lines.load(Load::Lines(100_000)).seeds(3..4));
    }
    let chaos =
        Case::new("chaos", Anything, Anyhow).who(Who::All).fails(Fails::Any).timeout(300).lies();
    cases.extend(chaos.clone().seeds(0..4));
    let chaos = Case { name: "chaos::long".into(), is_long: true, ..chaos };
    cases.extend(chaos.load(Load::Slow(20_000)).seeds(100..140));
    cases
}
