//! A whole index in memory, and the writer that lays sections one after another with their checksums.

use super::IndexError;
use super::catalogue;
use super::layout::{
    ALIGNMENT, BLOCK_BYTES, Catalogue, FORMAT_VERSION, HEADER_BYTES, Header, MAGIC, SUMS_IN_GROUP,
    Section,
};
use bytemuck::{Pod, Zeroable};
use std::fmt;

/// As much memory as the strictest section is aligned to.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// The bytes of a whole index, aligned as in the file.
#[derive(Clone, Default)]
pub struct IndexImage {
    lines: Vec<Line>,
    length: usize,
}

impl IndexImage {
    /// Copies bytes that were read or received from somewhere; they are checked when they are opened.
    pub fn from_bytes(bytes: &[u8]) -> IndexImage {
        let mut image = IndexImage::default();
        image.push(bytes);
        image
    }

    /// Returns the bytes.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::must_cast_slice::<Line, u8>(&self.lines).get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, bytes: &[u8]) {
        // What fills up the last line is copied into it; whole lines follow without being cleared first.
        let room = self.lines.len() * size_of::<Line>() - self.length;
        let (first, rest) = bytes.split_at(room.min(bytes.len()));
        self.put(self.length, first);
        let (whole, last) = rest.as_chunks::<64>();
        self.lines.extend(whole.iter().map(|bytes| Line(*bytes)));
        if !last.is_empty() {
            self.lines.push(Line([0; 64]));
            self.put(self.length + bytes.len() - last.len(), last);
        }
        self.length += bytes.len();
    }

    fn put(&mut self, start: usize, bytes: &[u8]) {
        let all = bytemuck::must_cast_slice_mut::<Line, u8>(&mut self.lines);
        if let Some(room) = all.get_mut(start..start + bytes.len()) {
            room.copy_from_slice(bytes);
        }
    }
}

/// Makes the checksums of changed bytes fit again, as nobody but a malicious writer would: for tests and fuzzing
/// of what lies behind them. Nothing is done to bytes without a header or catalogue.
#[doc(hidden)]
pub fn reseal(bytes: &mut [u8]) -> Option<()> {
    let mut header: Header = bytemuck::pod_read_unaligned(bytes.get(..HEADER_BYTES)?);
    let sums_start = usize::try_from(header.sums_start).ok()?;
    let block_bytes = usize::try_from(header.block_bytes).ok()?.max(1);
    let catalogue_start = usize::try_from(header.catalogue_start).ok()?;
    let mut sums = Vec::new();
    for (number, block) in bytes.get(..sums_start)?.chunks(block_bytes).enumerate() {
        let skipped = if number == 0 { HEADER_BYTES } else { 0 };
        sums.push(crc32fast::hash(block.get(skipped..)?));
    }
    let stored = bytes.get_mut(sums_start..catalogue_start)?;
    stored.iter_mut().zip(bytemuck::cast_slice(&sums)).for_each(|(old, new)| *old = *new);
    let groups = bytes.get(sums_start..catalogue_start)?.chunks(SUMS_IN_GROUP as usize * 4);
    let group_sums = groups.map(crc32fast::hash).collect();
    if let Ok(mut catalogue) = catalogue::decode(bytes.get(catalogue_start..)?) {
        catalogue.group_sums = group_sums;
        let encoded = catalogue::encode(&catalogue).ok()?;
        let stored = bytes.get_mut(catalogue_start..)?;
        stored.iter_mut().zip(encoded).for_each(|(old, new)| *old = new);
    }
    header.catalogue_sum = crc32fast::hash(bytes.get(catalogue_start..)?);
    header.header_sum = header.sum();
    bytes.get_mut(..HEADER_BYTES)?.copy_from_slice(bytemuck::bytes_of(&header));
    Some(())
}

impl fmt::Debug for IndexImage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "IndexImage({} bytes)", self.length)
    }
}

/// Where an index is laid down.
pub(super) trait Sink {
    /// Adds bytes at the end.
    fn append(&mut self, bytes: &[u8]) -> Result<(), IndexError>;
    /// Overwrites the first bytes.
    fn put_header(&mut self, bytes: &[u8]) -> Result<(), IndexError>;
}

impl Sink for IndexImage {
    fn append(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.push(bytes);
        Ok(())
    }

    fn put_header(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.put(0, bytes);
        Ok(())
    }
}

/// Lays sections down one after another.
pub(super) struct Writer<S> {
    sink: S,
    position: u64,
    /// The checksum of the block that is being filled.
    block: crc32fast::Hasher,
    sums: Vec<u32>,
}

impl<S: Sink> Writer<S> {
    /// Starts an index, leaving room for the header.
    pub(super) fn new(mut sink: S) -> Result<Writer<S>, IndexError> {
        sink.append(&[0; HEADER_BYTES])?;
        let position = HEADER_BYTES as u64;
        // The header has a checksum of its own; that of the first block starts behind it.
        Ok(Writer { sink, position, block: crc32fast::Hasher::new(), sums: Vec::new() })
    }

    /// Adds a section.
    pub(super) fn section<T: Pod>(&mut self, elements: &[T]) -> Result<Section<T>, IndexError> {
        if elements.is_empty() {
            return Ok(Section::default());
        }
        self.align()?;
        let section = Section::new(self.position, elements.len() as u64);
        self.bytes(bytemuck::cast_slice(elements))?;
        Ok(section)
    }

    /// Adds a section, or nothing.
    pub(super) fn section_if<T: Pod>(
        &mut self,
        elements: Option<&[T]>,
    ) -> Result<Option<Section<T>>, IndexError> {
        elements.map(|elements| self.section(elements)).transpose()
    }

    /// Adds the checksums, the catalogue and the header.
    pub(super) fn finish(mut self, mut catalogue: Catalogue) -> Result<S, IndexError> {
        self.align()?;
        if !self.position.is_multiple_of(BLOCK_BYTES) {
            self.end_block();
        }
        let sums_start = self.position;
        self.sink.append(bytemuck::cast_slice(&self.sums))?;
        let catalogue_start = sums_start + size_of_val(self.sums.as_slice()) as u64;
        let groups = self.sums.chunks(SUMS_IN_GROUP as usize);
        catalogue.group_sums =
            groups.map(|group| crc32fast::hash(bytemuck::cast_slice(group))).collect();
        let too_large = |what| IndexError::TooLarge { what };
        let encoded = catalogue::encode(&catalogue).map_err(too_large)?;
        self.sink.append(&encoded)?;
        let mut header = Header {
            magic: MAGIC,
            version: FORMAT_VERSION,
            block_bytes: BLOCK_BYTES as u32,
            length: catalogue_start + encoded.len() as u64,
            sums_start,
            catalogue_start,
            catalogue_bytes: encoded.len() as u64,
            catalogue_sum: crc32fast::hash(&encoded),
            reserved: [0; 2],
            header_sum: 0,
        };
        header.header_sum = header.sum();
        self.sink.put_header(bytemuck::bytes_of(&header))?;
        Ok(self.sink)
    }

    fn align(&mut self) -> Result<(), IndexError> {
        let missing = self.position.next_multiple_of(ALIGNMENT) - self.position;
        let padding = [0; ALIGNMENT as usize];
        self.bytes(padding.get(..missing as usize).unwrap_or_default())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = BLOCK_BYTES - self.position % BLOCK_BYTES;
            let (part, after) = rest.split_at(rest.len().min(room as usize));
            self.block.update(part);
            self.position += part.len() as u64;
            if self.position.is_multiple_of(BLOCK_BYTES) {
                self.end_block();
            }
            rest = after;
        }
        self.sink.append(bytes)
    }

    fn end_block(&mut self) {
        let full = std::mem::take(&mut self.block);
        self.sums.push(full.finalize());
    }
}
