//! The file of results beside its journal: how much of it is what the journal says.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::digest::{Digest, Fingerprint};

/// The file of results, read along with the journal.
pub(super) struct Check {
    /// `None`: there is no such file.
    file: Option<BufReader<File>>,
    /// Where results begin in it.
    head: u64,
    digest: Digest,
    /// The digest where the file was last found to be what the journal says.
    confirmed: Digest,
    /// It was found not to be, and where it was last.
    is_broken: bool,
}

impl Check {
    /// Of the file at `path`, behind its first `head` bytes.
    pub(super) fn open(path: &Path, head: u64) -> io::Result<Self> {
        let file = match File::open(path) {
            Ok(mut file) => {
                file.seek(SeekFrom::Start(head))?;
                Some(BufReader::with_capacity(1 << 18, file))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let digest = Digest::default();
        Ok(Self { file, head, confirmed: digest.clone(), digest, is_broken: false })
    }

    /// Whether the file is what the journal says it was. Once it is not, it stays so.
    pub(super) fn confirms(&mut self, said: Fingerprint) -> io::Result<bool> {
        self.is_broken |= said.bytes < self.digest.bytes();
        let mut block = [0; 1 << 14];
        while !self.is_broken && self.digest.bytes() < said.bytes {
            let wanted = (said.bytes - self.digest.bytes()).min(block.len() as u64);
            let part = &mut block[..usize::try_from(wanted).expect("a block's length")];
            match self.file.as_mut().map_or(Ok(0), |file| file.read(part)) {
                Ok(0) => self.is_broken = true,
                Ok(count) => self.digest.update(&part[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.is_broken |= self.digest.fingerprint() != said;
        if !self.is_broken {
            self.confirmed = self.digest.clone();
        }
        Ok(!self.is_broken)
    }

    /// Whether some of it was not what the journal says.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// What was confirmed of it.
    pub(super) fn confirmed(self) -> Digest {
        self.confirmed
    }

    /// Whether there are any results in the file.
    pub(super) fn has_content(&self) -> io::Result<bool> {
        Ok(match &self.file {
            Some(file) => file.get_ref().metadata()?.len() > self.head,
            None => false,
        })
    }
}
