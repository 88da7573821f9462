//! How many lines a program is given before it has answered the first of them.
//!
//! Enough that it need not wait for us between two lines, where these are quick; and no more than takes it a moment,
//! since what it has been given nobody else can take over, and all of it is lost with the program.

use std::time::Duration;

/// What a program has in its hands should take it about so long.
const TARGET: Duration = Duration::from_millis(1);

/// The most that it is given, however quick it is.
const MOST: u32 = 1024;

/// So many lines it is given one by one: whoever answers with two lines, or none, is found out while it is still certain
/// which line that belongs to.
const TRIAL: u32 = 8;

/// A shorter nap than this, the system makes this long.
const SHORTEST_NAP: Duration = Duration::from_micros(50);

/// Finds the number of lines that take about [`TARGET`].
pub(super) struct Depth {
    lines: u32,
    most: u32,
    /// Answers of this round, and the time that they took.
    answers: u32,
    time: Duration,
    /// What an answer took in the round before.
    each: Duration,
}

impl Depth {
    /// One line at a time if `singly`.
    pub(super) fn new(singly: bool) -> Self {
        let most = if singly { 1 } else { MOST };
        Self { lines: 1, most, answers: 0, time: Duration::ZERO, each: Duration::ZERO }
    }

    /// How many lines may be unanswered.
    pub(super) fn lines(&self) -> u32 {
        self.lines
    }

    /// How long to leave the program alone that has so many lines in its hands: until it should have answered half of them.
    /// Who wakes at each answer takes the core away from it, or has it wake another one, for a single line.
    pub(super) fn nap(&self, waiting: usize) -> Option<Duration> {
        let half = self.each * u32::try_from(waiting / 2).unwrap_or(u32::MAX).min(self.lines);
        (half >= SHORTEST_NAP).then_some(half.min(TARGET / 2))
    }

    /// So many answers have come, `time` after those before them.
    pub(super) fn note(&mut self, answers: u32, time: Duration) {
        self.answers += answers;
        self.time += time;
        if self.answers >= self.lines.max(TRIAL) {
            let each = (self.time / self.answers).max(Duration::from_nanos(1));
            let fitting = u32::try_from(TARGET.as_nanos() / each.as_nanos()).unwrap_or(u32::MAX);
            self.lines = fitting.clamp(1, (self.lines * 2).min(self.most));
            (self.answers, self.time, self.each) = (0, Duration::ZERO, each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(depth: &mut Depth, rounds: u32, each: Duration) -> u32 {
        for _ in 0..rounds {
            for _ in 0..depth.lines().max(TRIAL) {
                depth.note(1, each);
            }
        }
        depth.lines()
    }

    #[test]
    fn the_first_lines_are_given_one_by_one() {
        let mut depth = Depth::new(false);
        for _ in 0..TRIAL {
            assert_eq!(depth.lines(), 1);
            depth.note(1, Duration::ZERO);
        }
        assert_eq!(depth.lines(), 2);
    }

    #[test]
    fn it_finds_what_takes_a_moment() {
        let mut depth = Depth::new(false);
        assert_eq!(after(&mut depth, 20, Duration::from_micros(10)), 100);
        assert_eq!(after(&mut depth, 20, Duration::from_micros(1)), 1000);
        assert_eq!(after(&mut depth, 20, Duration::ZERO), MOST);
        assert_eq!(after(&mut depth, 1, Duration::from_millis(1)), 1, "at once, if they are slow");
        assert_eq!(after(&mut depth, 9, Duration::from_secs(9)), 1);
    }

    #[test]
    fn several_answers_at_once_count_as_several() {
        let mut depth = Depth::new(false);
        depth.note(TRIAL * 4, Duration::from_micros(10));
        assert_eq!(depth.lines(), 2);
    }

    #[test]
    fn who_has_much_to_do_is_left_alone_for_a_while() {
        let mut depth = Depth::new(false);
        assert_eq!(depth.nap(1), None);
        assert_eq!(after(&mut depth, 20, Duration::from_micros(10)), 100);
        assert_eq!(depth.nap(100), Some(Duration::from_micros(500)));
        assert_eq!(depth.nap(9), None);
        assert_eq!(after(&mut depth, 20, Duration::from_secs(1)), 1);
        assert_eq!(depth.nap(1), None, "it may be done at any moment");
        assert_eq!(depth.nap(usize::MAX), Some(TARGET / 2));
    }

    #[test]
    fn one_at_a_time_stays_one() {
        assert_eq!(after(&mut Depth::new(true), 20, Duration::ZERO), 1);
    }
}
