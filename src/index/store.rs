//! The bytes of an index, lent only after the checksums of the blocks that they lie in have been compared.
//!
//! In: a mapped file or an image. Out: typed slices ([`Stored`]), or an [`IndexError`]. A block is compared
//! once, when it is first touched.

use super::IndexError;
use super::catalogue;
use super::image::IndexImage;
use super::layout::{
    Catalogue, FORMAT_VERSION, HEADER_BYTES, Header, MAGIC, OLDEST_FORMAT, SUMS_IN_GROUP, Section,
};
use crate::mapping::Mapping;
use bytemuck::Pod;
use rayon::prelude::*;
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicU64, Ordering};

/// So many blocks at once are compared on all cores.
const BLOCKS_WORTH_SHARING: u64 = 4096;

/// How many bytes one checksum may cover: earlier versions wrote other blocks than this one does.
const BLOCK_SIZES: RangeInclusive<u32> = 4 * 1024..=1024 * 1024;

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Bytes {
    Mapped(Mapping),
    Owned(IndexImage),
}

impl Bytes {
    #[inline]
    fn all(&self) -> &[u8] {
        match self {
            Bytes::Mapped(mapping) => mapping.bytes(),
            Bytes::Owned(image) => image.bytes(),
        }
    }
}

/// One bit a block or group: whether it has been compared.
#[derive(Debug)]
struct Compared(Vec<AtomicU64>);

impl Compared {
    fn none_of(count: u64) -> Compared {
        Compared((0..count.div_ceil(64)).map(|_| AtomicU64::new(0)).collect())
    }

    // The bytes themselves never change, so that no order of memory accesses hangs on the bits.
    #[inline]
    fn has(&self, number: u64) -> bool {
        let word = self.0.get((number / 64) as usize);
        word.is_some_and(|word| word.load(Ordering::Relaxed) & (1 << (number % 64)) != 0)
    }

    fn add(&self, number: u64) {
        if let Some(word) = self.0.get((number / 64) as usize) {
            word.fetch_or(1 << (number % 64), Ordering::Relaxed);
        }
    }
}

/// The bytes of an index with what has been compared of them.
#[derive(Debug)]
pub(super) struct Store {
    bytes: Bytes,
    path: String,
    header: Header,
    /// How many bytes one checksum covers, as the power of two.
    block_bits: u32,
    group_sums: Vec<u32>,
    blocks: Compared,
    groups: Compared,
}

impl Store {
    /// Checks header and catalogue, and nothing else.
    pub(super) fn open(bytes: Bytes, path: String) -> Result<(Store, Catalogue), IndexError> {
        if cfg!(target_endian = "big") {
            return Err(IndexError::BigEndian);
        }
        let header = read_header(bytes.all(), &path)?;
        let damaged =
            |what: &str| IndexError::Damaged { path: path.clone(), what: what.to_owned() };
        let start = header.catalogue_start as usize;
        let encoded = bytes.all().get(start..).unwrap_or_default();
        if encoded.len() as u64 != header.catalogue_bytes
            || crc32fast::hash(encoded) != header.catalogue_sum
        {
            return Err(damaged("the catalogue does not fit its checksum"));
        }
        let mut catalogue = catalogue::decode(encoded)
            .map_err(|error| damaged(&format!("the catalogue cannot be decoded: {error}")))?;
        let group_sums = std::mem::take(&mut catalogue.group_sums);
        if !BLOCK_SIZES.contains(&header.block_bytes) || !header.block_bytes.is_power_of_two() {
            return Err(damaged("its checksums cover blocks of no size that there is"));
        }
        let block_bits = header.block_bytes.trailing_zeros();
        let blocks = header.sums_start.div_ceil(u64::from(header.block_bytes));
        let sums_end = header.sums_start.checked_add(blocks * size_of::<u32>() as u64);
        if header.sums_start < HEADER_BYTES as u64
            || sums_end != Some(header.catalogue_start)
            || group_sums.len() as u64 != blocks.div_ceil(SUMS_IN_GROUP)
        {
            return Err(damaged("its parts do not meet"));
        }
        let groups = Compared::none_of(group_sums.len() as u64);
        let blocks = Compared::none_of(blocks);
        Ok((Store { bytes, path, header, block_bits, group_sums, blocks, groups }, catalogue))
    }

    /// Returns the error for content that does not fit together.
    #[cold]
    pub(super) fn damaged(&self, what: impl Into<String>) -> IndexError {
        IndexError::Damaged { path: self.path.clone(), what: what.into() }
    }

    /// Returns a number that differs between any two indexes, as far as 64 bits go.
    pub(super) fn identity(&self) -> u64 {
        u64::from(self.header.catalogue_sum) << 32 | u64::from(self.header.header_sum)
    }

    /// Returns where the catalogue starts, its bytes once it is changed, and the header for these.
    pub(super) fn with_catalogue(
        &self,
        change: impl FnOnce(&mut Catalogue),
    ) -> Result<(u64, Vec<u8>, Vec<u8>), IndexError> {
        let start = self.header.catalogue_start;
        let encoded = self.bytes.all().get(start as usize..).unwrap_or_default();
        let mut catalogue = catalogue::decode(encoded).map_err(|what| self.damaged(what))?;
        change(&mut catalogue);
        let changed =
            catalogue::encode(&catalogue).map_err(|what| IndexError::TooLarge { what })?;
        if changed.len() != encoded.len() {
            let what = "the catalogue does not keep its length".to_owned();
            return Err(IndexError::Inconsistent { what });
        }
        let mut header = Header { catalogue_sum: crc32fast::hash(&changed), ..self.header };
        header.header_sum = header.sum();
        Ok((start, changed, bytemuck::bytes_of(&header).to_vec()))
    }

    /// Compares every block that was not yet touched.
    pub(super) fn verify_all(&self) -> Result<(), IndexError> {
        self.read(0, self.header.sums_start).map(|_| ())
    }

    /// Returns how many bytes the whole index has.
    pub(super) fn length(&self) -> u64 {
        self.header.length
    }

    /// Tells whether a section lies within the file.
    pub(super) fn holds<T>(&self, section: Section<T>) -> bool {
        let bytes = section.count.checked_mul(size_of::<T>() as u64);
        let end = bytes.and_then(|bytes| bytes.checked_add(section.offset));
        end.is_some_and(|end| end <= self.header.sums_start)
    }

    /// Lends a section.
    #[inline]
    pub(super) fn lend<T: Pod>(&self, section: Section<T>) -> Stored<'_, T> {
        Stored { store: self, section }
    }

    #[inline]
    fn read(&self, offset: u64, length: u64) -> Result<&[u8], IndexError> {
        if length == 0 {
            return Ok(&[]);
        }
        let end = offset.saturating_add(length);
        if end > self.header.sums_start {
            return Err(self.damaged("a section reaches beyond the end"));
        }
        let blocks = offset >> self.block_bits..((end - 1) >> self.block_bits) + 1;
        if !blocks.clone().all(|block| self.blocks.has(block)) {
            self.compare(blocks)?;
        }
        let bytes = self.bytes.all().get(offset as usize..end as usize);
        bytes.ok_or_else(|| self.damaged("a section reaches beyond the end"))
    }

    #[cold]
    fn compare(&self, blocks: Range<u64>) -> Result<(), IndexError> {
        // A single block is a page, which the system fetches by itself.
        if let Bytes::Mapped(mapping) = &self.bytes
            && blocks.end - blocks.start > 1
        {
            let end = (blocks.end << self.block_bits).min(self.header.sums_start);
            mapping.will_need((blocks.start << self.block_bits) as usize..end as usize);
        }
        if blocks.end - blocks.start >= BLOCKS_WORTH_SHARING {
            blocks.into_par_iter().try_for_each(|block| self.compare_block(block))
        } else {
            blocks.into_iter().try_for_each(|block| self.compare_block(block))
        }
    }

    fn compare_block(&self, block: u64) -> Result<(), IndexError> {
        if self.blocks.has(block) {
            return Ok(());
        }
        // The header has a checksum of its own and is no part of the first block's.
        let start = (block << self.block_bits).max(HEADER_BYTES as u64);
        let end = ((block + 1) << self.block_bits).min(self.header.sums_start);
        let bytes = self.bytes.all().get(start as usize..end as usize);
        if bytes.map(crc32fast::hash) != Some(self.sum_of(block)?) {
            return Err(self.damaged(format!("bytes {start} to {end} do not fit their checksum")));
        }
        self.blocks.add(block);
        Ok(())
    }

    fn sum_of(&self, block: u64) -> Result<u32, IndexError> {
        let width = size_of::<u32>() as u64;
        let group = block / SUMS_IN_GROUP;
        if !self.groups.has(group) {
            let start = self.header.sums_start + group * SUMS_IN_GROUP * width;
            let end = (start + SUMS_IN_GROUP * width).min(self.header.catalogue_start);
            let sums = self.bytes.all().get(start as usize..end as usize);
            if sums.map(crc32fast::hash).as_ref() != self.group_sums.get(group as usize) {
                return Err(
                    self.damaged(format!("bytes {start} to {end} do not fit their checksum"))
                );
            }
            self.groups.add(group);
        }
        let start = (self.header.sums_start + block * width) as usize;
        let sum = self.bytes.all().get(start..).and_then(|bytes| bytes.first_chunk());
        sum.map(|sum| u32::from_le_bytes(*sum)).ok_or_else(|| self.damaged("a checksum is missing"))
    }
}

fn read_header(bytes: &[u8], path: &str) -> Result<Header, IndexError> {
    let path = path.to_owned();
    let found = bytes.len() as u64;
    let cut = |expected| IndexError::Cut { path: path.clone(), expected, found };
    let Some(start) = bytes.get(..HEADER_BYTES) else {
        let may_be_cut = bytes.starts_with(&MAGIC) || MAGIC.starts_with(bytes);
        return Err(if may_be_cut {
            cut(HEADER_BYTES as u64)
        } else {
            IndexError::Foreign { path }
        });
    };
    let header: Header = bytemuck::pod_read_unaligned(start);
    if header.magic != MAGIC {
        return Err(IndexError::Foreign { path });
    }
    // Before the checksum: another version may have another header behind these two fields.
    let (found_version, supported) = (header.version, FORMAT_VERSION);
    if found_version < OLDEST_FORMAT {
        return Err(IndexError::Older { path, found: found_version, supported });
    }
    if found_version > supported {
        return Err(IndexError::Newer { path, found: found_version, supported });
    }
    if header.sum() != header.header_sum {
        let what = "the header does not fit its checksum".to_owned();
        return Err(IndexError::Damaged { path, what });
    }
    if header.length != found {
        return Err(cut(header.length));
    }
    Ok(header)
}

/// A section of the store: its elements are checked when they are read, and only those.
#[derive(Debug)]
pub(super) struct Stored<'i, T> {
    store: &'i Store,
    section: Section<T>,
}

impl<T> Clone for Stored<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Stored<'_, T> {}

impl<'i, T: Pod> Stored<'i, T> {
    /// Returns how many elements there are.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.section.count as usize
    }

    /// Returns one element.
    #[inline]
    pub(super) fn get(self, position: usize) -> Result<T, IndexError> {
        self.slice(position..position.saturating_add(1))?
            .first()
            .copied()
            .ok_or_else(|| self.beyond())
    }

    /// Returns some elements.
    #[inline]
    pub(super) fn slice(self, range: Range<usize>) -> Result<&'i [T], IndexError> {
        let width = size_of::<T>();
        if range.start > range.end
            || range.end as u64 > self.section.count
            || self.section.width as usize != width
        {
            return Err(self.beyond());
        }
        if range.is_empty() {
            return Ok(&[]);
        }
        let first = (range.start as u64).checked_mul(width as u64);
        let offset = first.and_then(|first| first.checked_add(self.section.offset));
        let length = ((range.end - range.start) as u64).checked_mul(width as u64);
        let (Some(offset), Some(length)) = (offset, length) else {
            return Err(self.beyond());
        };
        let bytes = self.store.read(offset, length)?;
        bytemuck::try_cast_slice(bytes).map_err(|_| self.store.damaged("a section is not aligned"))
    }

    /// Returns all elements.
    #[inline]
    pub(super) fn all(self) -> Result<&'i [T], IndexError> {
        self.slice(0..self.len())
    }

    /// Finds the first element for which `before` does not hold, as `partition_point` does.
    pub(super) fn partition_point(
        self,
        mut before: impl FnMut(&T) -> bool,
    ) -> Result<usize, IndexError> {
        let mut low = 0;
        let mut high = self.len();
        while low < high {
            let middle = low + (high - low) / 2;
            if before(&self.get(middle)?) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    #[cold]
    fn beyond(self) -> IndexError {
        self.store.damaged("a position lies beyond its section")
    }
}
