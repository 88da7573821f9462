//! A worker that may misbehave: attached as every worker is, and then on its own.

use std::io;
use std::os::fd::OwnedFd;
use std::process::ExitCode;
use std::sync::Once;
use std::thread;

use pmap::sys::socket;
use pmap::wire::{self, FromWorker, MAX_MESSAGE, Welcome, packet};
use pmap::worker::serve;

use super::cases::{Behaviour, Case, Who};
use super::half::{BYTES, CLAIM, HEAD, Half, ITS_SLEEP, OWN_SLEEP, Random, TAIL, WORDS};
use super::hand::{Hand, MOMENT, attached, going_wrong, park, ready, send};
use super::supervisor::note;

/// Works, well or badly.
pub(crate) fn play(case: &Case) -> ExitCode {
    let Some(welcome) = peek() else { return ExitCode::from(64) };
    let (slot, generation) = (welcome.slot.0, welcome.generation.0);
    let mut random = Random(case.seed << 40 | u64::from(slot) << 20 | u64::from(generation));
    let misbehaves = match case.who {
        Who::First => slot == 0 && generation == 0,
        Who::FirstSlot => slot == 0,
        Who::All => true,
    };
    let behaviour = match case.behaviour {
        Behaviour::Anything if random.below(3) > 0 => None,
        Behaviour::Anything => Some(ANYTHING[random.below(ANYTHING.len())]),
        behaviour => misbehaves.then_some(behaviour),
    };
    match behaviour {
        None => work(),
        Some(behaviour) => {
            note(&format!("hostile {}", std::process::id()));
            misbehave(behaviour, random);
        }
    }
    ExitCode::SUCCESS
}

/// What [`Behaviour::Anything`] may be.
const ANYTHING: &[Behaviour] = &[
    Behaviour::ExitsAtOnce,
    Behaviour::SendsGarbageFirst,
    Behaviour::RefusesAndExits,
    Behaviour::ChattersGarbage,
    Behaviour::FloodsDoorbells,
    Behaviour::HangsUpAndStays,
    Behaviour::HangsUpAndWorks,
    Behaviour::SendsAnEmptyMessage,
    Behaviour::NoiseOnce,
    Behaviour::NoiseForEver,
    Behaviour::ScribblesWords,
    Behaviour::ScribblesPayload,
    Behaviour::ScribblesAnywhere,
    Behaviour::PunchesAHole,
    Behaviour::TailBackwards,
    Behaviour::TailRandom,
    Behaviour::ItemsTooMany,
    Behaviour::HeadAhead,
    Behaviour::HeadBackwards,
    Behaviour::ClaimRandom,
    Behaviour::ClaimBackwards,
    Behaviour::ClaimBeyondGranted,
    Behaviour::GrantRaised,
    Behaviour::ClaimFlickers,
    Behaviour::SleepGarbage,
    Behaviour::SleepAwake,
    Behaviour::TooFewNewlines,
    Behaviour::ControlCharacters,
    Behaviour::EndlessResult,
    Behaviour::ReplaysABatch,
    Behaviour::CommitsWhatIsNotLeased,
    Behaviour::CommitsUnclaimed,
    Behaviour::SilentWithItems,
    Behaviour::SilentWithClaimedItems,
    Behaviour::StopsItself,
    Behaviour::ExitsMidway,
    Behaviour::LeavesAGrandchild,
];

/// The supervisor's message, which stays where it is.
fn peek() -> Option<Welcome> {
    let mut message = vec![0; MAX_MESSAGE];
    let (length, _) =
        rustix::net::recv(io::stdin(), &mut message[..], rustix::net::RecvFlags::PEEK).ok()?;
    wire::decode(&message[..length]).ok()
}

fn work() {
    serve(attached());
}

/// Works as it should, with somebody at its side who does `what` over and over.
fn work_beside(mut what: impl FnMut(Half, &OwnedFd) + Send + 'static) {
    let attached = attached();
    let half = Half::of(&attached.end);
    let socket = attached.socket.try_clone().expect("a descriptor");
    thread::spawn(move || {
        loop {
            what(half, &socket);
        }
    });
    serve(attached);
}

/// A packet for so many items with so many bytes of binary numbers.
fn cells(items: u32, length: usize) -> Vec<u8> {
    let mut bytes = packet::header(packet::Kind::Values, items, length as u64).to_vec();
    bytes.resize(bytes.len() + length, 7);
    bytes
}

fn refusal() -> Vec<u8> {
    wire::encode(&FromWorker::Refused("no \u{1b}[2J today".into())).expect("a message")
}

/// Descriptors of this process that are a segment's.
fn segments() -> usize {
    let descriptors = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let targets = descriptors.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    targets
        .filter(|target| {
            let target = target.to_string_lossy();
            target.contains("/dev/shm") || target.contains("memfd:")
        })
        .count()
}

#[expect(clippy::too_many_lines, reason = "a table: what each behaviour is")]
fn misbehave(behaviour: Behaviour, mut random: Random) {
    use Behaviour::*;
    match behaviour {
        ShakesNoHand => park(),
        ExitsAtOnce => std::process::exit(3),
        SendsGarbageFirst => {
            send(io::stdin(), &random.next().to_le_bytes().map(|byte| byte | 0x80));
            park()
        }
        SendsTooMuchFirst => {
            send(io::stdin(), &[0; 100_000]);
            park()
        }
        LiesAboutItsPid => {
            send(io::stdin(), &ready(1));
            park()
        }
        RefusesAndExits => {
            send(io::stdin(), &refusal());
            std::process::exit(64)
        }
        RefusesAndStays => {
            send(io::stdin(), &refusal());
            park()
        }

        ChattersGarbage => work_beside(move |_, socket| {
            let magnitude = 1 + random.below(16);
            let length = 1 + random.below(1 << magnitude);
            let message: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
            let _ = socket::send_now(socket, &message);
            thread::sleep(MOMENT);
        }),
        FloodsDoorbells => work_beside(|_, socket| {
            let _ = socket::send_now(socket, &wire::DOORBELL);
        }),
        HangsUpAndStays => {
            let mut hand = Hand::unguarded();
            hand.granted();
            hand.socket = None;
            park()
        }
        HangsUpAndWorks => {
            let mut hand = Hand::unguarded();
            hand.socket = None;
            loop {
                hand.serve_one();
            }
        }
        SendsAnEmptyMessage => {
            let attached = attached();
            rustix::net::send(&attached.socket, &[], rustix::net::SendFlags::NOSIGNAL)
                .expect("the supervisor is there");
            serve(attached);
        }

        NoiseOnce => {
            let mut hand = Hand::new();
            hand.granted();
            let noise: Vec<u8> = (0..hand.half.len()).map(|_| random.next() as u8).collect();
            going_wrong();
            hand.half.write(0, &noise);
            hand.ring();
            park()
        }
        NoiseForEver => {
            let hand = Hand::new();
            going_wrong();
            loop {
                let at = random.below(hand.half.len());
                let length = random.below(hand.half.len() - at).min(64);
                let noise: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
                hand.half.write(at, &noise);
                if random.below(64) == 0 {
                    hand.ring();
                    thread::sleep(MOMENT);
                }
            }
        }
        ScribblesWords => work_beside(move |half, _| {
            half.store(WORDS[random.below(WORDS.len())], random.word());
            thread::sleep(MOMENT * random.below(100) as u32);
        }),
        ScribblesPayload => work_beside(move |half, _| {
            let at = BYTES + random.below(half.len() - BYTES);
            let byte = match random.below(4) {
                0 => 0,
                1 => b'\n',
                2 => b'7',
                _ => random.next() as u8,
            };
            half.write(at, &[byte]);
            if random.below(1000) == 0 {
                thread::sleep(MOMENT);
            }
        }),
        ScribblesAnywhere => work_beside(move |half, _| {
            half.store(8 * random.below(half.len() / 8), random.word());
            thread::sleep(MOMENT * random.below(3) as u32);
        }),
        PunchesAHole => {
            let mut hand = Hand::new();
            hand.serve_one();
            hand.wait_until_taken();
            going_wrong();
            hand.half.punch_hole();
            hand.ring();
            park()
        }

        TailTooFar => {
            let mut hand = Hand::new();
            hand.granted();
            let capacity = hand.end.uplink.capacity() as u32;
            hand.tail(1, capacity + 1)
        }
        TailBackwards => {
            let mut hand = Hand::new();
            hand.serve_one();
            hand.wait_until_taken();
            hand.tail(0, 0)
        }
        TailRandom => {
            let hand = Hand::new();
            going_wrong();
            loop {
                hand.half.store(TAIL, random.word());
                hand.ring();
                thread::sleep(MOMENT * random.below(20) as u32);
            }
        }
        ItemsTooMany => {
            let mut hand = Hand::new();
            hand.granted();
            hand.half.write(BYTES, b"1\n2\n");
            hand.tail(u32::MAX, 4)
        }
        ItemsBackwards => {
            let mut hand = Hand::new();
            hand.serve_one();
            hand.wait_until_taken();
            hand.granted();
            let (items, bytes) = hand.half.load_pair(TAIL);
            hand.tail(items - 1, bytes + 2)
        }
        ItemsWithoutBytes => {
            let mut hand = Hand::new();
            hand.granted();
            hand.tail(1, 0)
        }
        HeadAhead => {
            let said = Once::new();
            work_beside(move |half, _| {
                said.call_once(going_wrong);
                half.store_pair(HEAD, 0, 1 << 30);
            })
        }
        HeadBackwards => work_beside(|half, _| half.store_pair(HEAD, 0, 0)),
        ClaimRandom => {
            let hand = Hand::new();
            loop {
                hand.half.store(CLAIM, random.word());
                thread::sleep(MOMENT * random.below(3) as u32);
            }
        }
        ClaimBackwards => Hand::new().reclaim(|granted, _| (granted, 0)),
        ClaimBeyondGranted => Hand::new().reclaim(|granted, _| (granted, granted + 1)),
        GrantRaised => Hand::new().reclaim(|granted, claimed| (granted + 1000, claimed)),
        GrantLowered => Hand::new().reclaim(|granted, claimed| (granted - 1, claimed)),
        ClaimFlickers => work_beside(move |half, _| {
            let word = half.load(CLAIM);
            half.store(CLAIM, random.next());
            half.store(CLAIM, word);
            thread::sleep(MOMENT);
        }),
        SleepGarbage => work_beside(move |half, _| {
            half.store(ITS_SLEEP, random.next());
            half.store(OWN_SLEEP, random.next());
        }),
        SleepAwake => work_beside(|half, _| {
            half.store(ITS_SLEEP, 0);
            half.store(OWN_SLEEP, 0);
        }),
        OwnSleepAwake => work_beside(|half, _| half.store(OWN_SLEEP, 0)),

        TooFewNewlines => Hand::new().commit_and_park(b"1\n", 2),
        TooManyNewlines => Hand::new().commit_and_park(b"1\n2\n3\n", 2),
        TooFewCells => Hand::new().commit_and_park(&cells(2, 8), 2),
        TooManyCells => Hand::new().commit_and_park(&cells(2, 24), 2),
        TornCell => Hand::new().commit_and_park(&cells(1, 7), 1),
        NoNewline => Hand::new().commit_and_park(b"12", 1),
        OnlyZeros => Hand::new().commit_and_park(&[0; 100], 1),
        HalfALineBehind => {
            let mut hand = Hand::new();
            let (_, results) = hand.granted();
            let half = format!("{}{}", results[0], "2");
            hand.commit(half.as_bytes(), 1);
            hand.wait_until_taken();
            going_wrong();
            hand.commit(b"\n", 2);
            park()
        }
        ControlCharacters => {
            let mut hand = Hand::new();
            hand.granted();
            hand.commit(b"\0\x1b[2J\x07evil\n", 1);
            hand.wait_until_taken();
            going_wrong();
            hand.commit(b"1", 1);
            park()
        }
        EndlessResult => {
            let mut hand = Hand::new();
            hand.granted();
            loop {
                hand.commit(&[b'7'; 1000], 0);
            }
        }
        EndlessTrickle => {
            let mut hand = Hand::new();
            hand.granted();
            loop {
                hand.commit(b"7", 0);
                thread::sleep(MOMENT * 10);
            }
        }
        ReplaysABatch => {
            let mut hand = Hand::new();
            let (lease, results) = hand.granted();
            hand.commit(results.concat().as_bytes(), lease.items);
            going_wrong();
            loop {
                hand.commit(results.concat().as_bytes(), lease.items);
            }
        }
        CommitsWhatIsNotLeased => {
            let mut hand = Hand::new();
            hand.serve_one();
            hand.wait_until_taken();
            going_wrong();
            hand.commit(&b"0\n".repeat(1000), 1000);
            park()
        }
        CommitsBeforeItIsGranted => {
            let mut hand = Hand::new();
            while hand.header().items < 1000 {
                // Small leases may come first; they are of no interest, and lie in the ring whole.
            }
            going_wrong();
            hand.commit(&b"0\n".repeat(1000), 1000);
            park()
        }
        CommitsWhatWasTakenBack => {
            let mut hand = Hand::new();
            let (_, results) = hand.granted();
            hand.wait(|hand| hand.half.load_pair(CLAIM).0 >= 40);
            hand.wait(|hand| hand.half.load_pair(CLAIM).0 < 40);
            going_wrong();
            hand.commit(results.concat().repeat(2).as_bytes(), 40);
            park()
        }
        CommitsUnclaimed => {
            let mut hand = Hand::new();
            loop {
                let (_, results) = hand.granted();
                for result in results {
                    hand.commit(result.as_bytes(), 1);
                }
            }
        }

        SilentWithItems => {
            Hand::new().granted();
            park()
        }
        SilentWithClaimedItems => {
            let mut hand = Hand::new();
            let (lease, _) = hand.granted();
            hand.claim(lease.sequence, &lease);
            park()
        }
        StopsItself => {
            Hand::new().granted();
            let _ = rustix::process::kill_process(
                rustix::process::getpid(),
                rustix::process::Signal::STOP,
            );
            park()
        }
        ExitsMidway => {
            let mut hand = Hand::new();
            hand.serve_one();
            hand.granted();
            std::process::exit(0)
        }
        LeavesAGrandchild => {
            let mut hand = Hand::new();
            hand.granted();
            if hand.half.scribble_in_a_fork() != libc::SIGSEGV {
                std::process::exit(99);
            }
            note(&format!("process {}", Half::fork_a_sleeper()));
            std::process::abort()
        }
        Works => work(),
        LooksForTheSegment => {
            if segments() == 0 {
                // It is at descriptor 1 before the handshake: the search does find what there is.
                std::process::exit(98);
            }
            let attached = attached();
            if segments() > 0 {
                std::process::exit(99);
            }
            serve(attached);
        }
        Anything => unreachable!("it was chosen before"),
    }
}
