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
    let mut state = seed ^ bytes.len() as u64;
    let (pairs, rest) = bytes.as_chunks::<16>();
    for pair in pairs {
        let [low, high] = bytemuck::must_cast::<[u8; 16], [u64; 2]>(*pair).map(u64::from_le);
        // The state enters both factors, so that no pair can be chosen that wipes out what came before it.
        state = mix(low ^ key ^ state, high ^ other_key ^ state.rotate_left(32));
    }
    let (low, high) = rest.split_at(rest.len().min(8));
    state = mix(word(low) ^ key ^ state, word(high) ^ other_key ^ state.rotate_left(32));
    mix(state ^ last_key, key)
}
