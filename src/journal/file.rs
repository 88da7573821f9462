//! The journal's file: locked, begun anew or gone on with, and appended to.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use super::check::Check;
use super::identity::Difference;
use super::record::{MAGIC, Record};
use super::scan::{Found, Scan};
use super::{Identity, JournalError, Known};
use crate::digest::Fingerprint;
use crate::ids::Index;
use crate::sys::{failpoint, files};

/// What to do about a journal that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Begin a new one, unless it is of a run that has not finished.
    Anew,
    /// Go on with it. Items that have failed are done with.
    Resume,
    /// Go on with it, and run items that have failed once more.
    ResumeFailed,
}

/// A run that begins, or goes on.
pub struct Session {
    /// Where to note what is finished.
    pub journal: Journal,
    /// What is finished already; nothing, if it begins.
    pub known: Known,
}

/// A journal, open for what will be finished. It is locked as long as it lives.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Where the next record will stand, those in `buffer` not counted.
    end: u64,
    /// Records that are not written.
    buffer: Vec<u8>,
}

impl Session {
    /// Opens the journal at `path` of the run `identity`, whose results are in the file `output` from this byte on, if they
    /// are in a file that can be read again. In that file everything is to be cut off behind [`Known::output`].
    ///
    /// # Errors
    /// The journal is damaged, locked, or not that of this run.
    pub fn open(
        path: &Path,
        mode: Mode,
        identity: &Identity,
        output: Option<(&Path, u64)>,
    ) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Io { path: path.to_owned(), source };
        let old = locked(path)?;
        let is_new = old.metadata().map_err(failed)?.len() == 0;
        let mut known = match mode {
            _ if is_new => Known::default(),
            Mode::Anew => {
                let known = read(path, &old, None, None)?;
                if !known.is_finished && !known.settled().is_empty() {
                    return Err(JournalError::Unfinished { path: path.to_owned() });
                }
                Known::default()
            }
            Mode::Resume | Mode::ResumeFailed => read(path, &old, Some(identity), output)?,
        };
        if mode == Mode::ResumeFailed {
            known.forget_failures();
        }
        // Told anew and put in its place as a whole: whenever we are killed, there is the old one or this one. The old
        // one's lock is kept until then.
        let journal = install(path, identity, &known).map_err(failed)?;
        drop(old);
        Ok(Self { journal, known })
    }
}

impl Identity {
    /// That of the run that the journal at `path` is of.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Self, JournalError> {
        let file = File::open(path);
        let file = file.map_err(|source| JournalError::Io { path: path.to_owned(), source })?;
        first(path, &mut Scan::new(BufReader::new(file)))
    }
}

/// The file at `path`, made if it is not there, and locked for us.
fn locked(path: &Path) -> Result<File, JournalError> {
    let failed = |source| JournalError::Io { path: path.to_owned(), source };
    loop {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(failed)?;
        if !files::try_lock(&file).map_err(failed)? {
            return Err(JournalError::Busy { path: path.to_owned() });
        }
        // While we waited to be scheduled, somebody may have put another in its place and gone.
        if files::is_at(&file, path) {
            return Ok(file);
        }
    }
}

fn first<R: io::Read>(path: &Path, scan: &mut Scan<R>) -> Result<Identity, JournalError> {
    let failed = |source| JournalError::Io { path: path.to_owned(), source };
    match scan.next().map_err(failed)? {
        Found::Content => match Record::parse(&scan.content) {
            Ok(Record::Identity(identity)) => Ok(identity),
            _ => Err(JournalError::Foreign { path: path.to_owned() }),
        },
        Found::Damaged => {
            Err(JournalError::Damaged { path: path.to_owned(), offset: scan.place() })
        }
        Found::NoJournal | Found::End => Err(JournalError::Foreign { path: path.to_owned() }),
    }
}

fn read(
    path: &Path,
    file: &File,
    identity: Option<&Identity>,
    output: Option<(&Path, u64)>,
) -> Result<Known, JournalError> {
    let failed = |source| JournalError::Io { path: path.to_owned(), source };
    let mut scan = Scan::new(BufReader::new(file));
    let was = first(path, &mut scan)?;
    if let Some(difference) = identity.and_then(|identity| was.difference(identity)) {
        let Difference { what, was, is } = difference;
        return Err(JournalError::Differs { path: path.to_owned(), what, was, is });
    }
    let mut check = match output {
        Some((output, head)) => {
            let open = Check::open(output, head);
            Some(open.map_err(|source| JournalError::Io { path: output.to_owned(), source })?)
        }
        None => None,
    };
    let mut known = Known::default();
    loop {
        match scan.next().map_err(failed)? {
            Found::Content => {}
            Found::End => break,
            _ => return Err(JournalError::Damaged { path: path.to_owned(), offset: scan.place() }),
        }
        let damaged = |_| JournalError::Damaged { path: path.to_owned(), offset: scan.place() };
        let record = Record::parse(&scan.content).map_err(damaged)?;
        let is_confirmed = match (&record, &mut check) {
            (Record::Delivered { output, .. }, Some(check)) => {
                check.confirms(*output).map_err(failed)?
            }
            _ => true,
        };
        known.note(record, is_confirmed);
    }
    if let (Some(check), Some((output, _))) = (check, output) {
        known.lost_output = check.is_broken();
        let has_content = check.has_content().map_err(failed)?;
        known.output = check.confirmed();
        if known.lost_output && has_content && known.output.bytes() == 0 {
            let (path, output) = (path.to_owned(), output.to_owned());
            return Err(JournalError::OtherOutput { path, output });
        }
    }
    known.settle();
    Ok(known)
}

/// Writes a journal that tells what is known, and gives it its name.
fn install(path: &Path, identity: &Identity, known: &Known) -> io::Result<Journal> {
    failpoint::pass("install");
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".new");
    let new = path.with_file_name(name);
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&new)?;
    // Nobody else can have it: whoever makes one holds the old one's lock.
    files::try_lock(&file)?;
    let path = path.to_owned();
    let mut journal = Journal { path, file, end: 0, buffer: MAGIC.to_vec() };
    journal.put(&Record::Identity(identity.clone()))?;
    known.tell(|record| {
        journal.put(&record)?;
        if journal.buffer.len() > 1 << 20 { journal.write() } else { Ok(()) }
    })?;
    journal.write()?;
    files::sync(&journal.file)?;
    failpoint::call("rename", || fs::rename(&new, &journal.path))?;
    failpoint::pass("installed");
    files::sync_folder_of(&journal.path);
    Ok(journal)
}

impl Journal {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Another descriptor of the same file.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    fn put(&mut self, record: &Record<'_>) -> io::Result<()> {
        record.append_to(&mut self.buffer, self.end).map_err(io::Error::other)
    }

    /// An item has failed for good, and will be delivered as one that has.
    ///
    /// # Errors
    /// None that is to be expected, here and below, but of [`write`](Self::write).
    pub fn failed(&mut self, index: Index) -> io::Result<()> {
        self.put(&Record::Failed(index))
    }

    /// Such results wait for those before them.
    ///
    /// # Errors
    /// As above.
    pub fn early(&mut self, first: Index, items: u64, results: &[u8]) -> io::Result<()> {
        self.put(&Record::Early { first, items, results })
    }

    /// So much has been read of the input.
    ///
    /// # Errors
    /// As above.
    pub fn input(&mut self, read: Fingerprint) -> io::Result<()> {
        self.put(&Record::Input(read))
    }

    /// These items' results are about to be written where nothing can be taken back.
    ///
    /// # Errors
    /// As above.
    pub fn writing(&mut self, first: Index, items: u64) -> io::Result<()> {
        self.put(&Record::Writing { first, items })
    }

    /// These items are delivered, and with them the output is this.
    ///
    /// # Errors
    /// As above.
    pub fn delivered(&mut self, items: Vec<(Index, u64)>, output: Fingerprint) -> io::Result<()> {
        self.put(&Record::Delivered { items, output })
    }

    /// Every item of the run is done with.
    ///
    /// # Errors
    /// As above.
    pub fn finished(&mut self) -> io::Result<()> {
        self.put(&Record::Finished)
    }

    /// Writes what was noted so far. It then outlives this process, but not yet the machine.
    ///
    /// # Errors
    /// The disk is full, or broken. What is not written yet is kept: tried again, it is gone on with where this has ended, be
    /// it in the middle of a record.
    pub fn write(&mut self) -> io::Result<()> {
        let mut rest = &self.buffer[..];
        let written = files::append(&self.file, &mut rest);
        let count = self.buffer.len() - rest.len();
        self.end += count as u64;
        self.buffer.drain(..count);
        written
    }
}
