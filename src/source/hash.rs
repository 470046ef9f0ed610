//! A hash by which contents of files are told apart.

/// Returns a hash of a file's content, the same on every machine: fast, and no protection against malice.
pub fn content_hash(bytes: &[u8]) -> u64 {
    // Two words at a time are multiplied to 128 bits and folded to 64, as wyhash and its kin do.
    const KEYS: [u64; 4] = [
        0x9e37_79b9_7f4a_7c15,
        0xbf58_476d_1ce4_e5b9,
        0x94d0_49bb_1331_11eb,
        0xd6e8_feb8_6659_fd93,
    ];
    let [seed, key, other_key, last_key] = KEYS;
    let mix = |one: u64, other: u64| {
        let product = u128::from(one) * u128::from(other);
        product as u64 ^ (product >> 64) as u64
    };
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word.iter_mut().zip(bytes).for_each(|(byte, from)| *byte = *from);
        u64::from_le_bytes(word)
    };
    // The state enters both factors, so that no pair can be chosen that wipes out what came before it.
    let step = |state: u64, [low, high]: [u64; 2]| {
        mix(low ^ key ^ state, high ^ other_key ^ state.rotate_left(32))
    };
    let pair = |pair: &[u8; 16]| bytemuck::must_cast::<[u8; 16], [u64; 2]>(*pair).map(u64::from_le);
    // Mixed first, since the length alone would be wiped out by as small a difference of the content.
    let mut state = mix(seed ^ bytes.len() as u64, key);
    // A multiplication takes a while, but several that do not wait for one another are made at once: so long contents
    // have states beside each other, which are then taken into one.
    let (blocks, rest) = bytes.as_chunks::<64>();
    if !blocks.is_empty() {
        let mut states = KEYS.map(|own| mix(own ^ state, last_key));
        for block in blocks {
            let (pairs, _) = block.as_chunks::<16>();
            for (state, bytes) in states.iter_mut().zip(pairs) {
                *state = step(*state, pair(bytes));
            }
        }
        state = states.into_iter().fold(state, |state, other| step(state, [other, last_key]));
    }
    let (pairs, rest) = rest.as_chunks::<16>();
    for bytes in pairs {
        state = step(state, pair(bytes));
    }
    let (low, high) = rest.split_at(rest.len().min(8));
    state = step(state, [word(low), word(high)]);
    mix(state ^ last_key, key)
}

#[cfg(test)]
mod tests {
    use super::content_hash;
    use std::collections::HashSet;

    #[test]
    fn each_byte_and_the_length_count() {
        let mut seen = HashSet::new();
        for length in 0..200 {
            let mut bytes = vec![0; length];
            assert!(seen.insert(content_hash(&bytes)), "{length} zeros");
            for place in 0..length {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = 1;
                }
                assert!(seen.insert(content_hash(&bytes)), "{length} zeros, one at {place}");
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = 0;
                }
            }
        }
    }

    #[test]
    fn what_stands_elsewhere_is_another_content() {
        let blocks: Vec<[u8; 16]> = (0..12u8).map(|number| [number; 16]).collect();
        let whole = content_hash(&blocks.concat());
        for (one, other) in
            (0..blocks.len()).flat_map(|one| (0..one).map(move |other| (one, other)))
        {
            let mut swapped = blocks.clone();
            swapped.swap(one, other);
            assert_ne!(content_hash(&swapped.concat()), whole, "{one} and {other}");
        }
    }
}
