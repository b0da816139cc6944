//! Thirty-two bytes at once, with the instructions of AVX2.

use core::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_setr_epi64x, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
};

use super::{Eight, Found, Halves, LANE};

/// The kinds, where the instructions look them up.
pub(super) struct Tables<const N: usize>([[Table; 2]; N]);

/// The kinds of a byte's lower half, and of its upper half.
#[derive(Clone, Copy)]
struct Table {
    lower: __m256i,
    upper: __m256i,
}

impl<const N: usize> Tables<N> {
    #[target_feature(enable = "avx2")]
    pub(super) fn of(eights: &[Eight; N]) -> Self {
        Self(eights.each_ref().map(|eight| [Table::of(&eight.first), Table::of(&eight.second)]))
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn find(&self, window: &[u8; LANE + 1]) -> Found {
        let mut found = Found { places: 0, is_plain: true };
        for half in [0, 32] {
            let bytes = load(window, half);
            let behind = load(window, half + 1);
            let mut kinds = _mm256_setzero_si256();
            for [first, second] in &self.0 {
                kinds = _mm256_or_si256(kinds, _mm256_and_si256(first.kinds(bytes), second.kinds(behind)));
            }
            let is_none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(kinds, _mm256_setzero_si256()));
            found.places |= u64::from(!is_none.cast_unsigned()) << half;
            // As a signed number, what is not ASCII is below zero.
            let is_other = _mm256_movemask_epi8(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), bytes));
            found.is_plain &= is_other == 0;
        }
        found
    }
}

impl Table {
    #[target_feature(enable = "avx2")]
    fn of(halves: &Halves) -> Self {
        let twice = |half: &[u8; 16]| match half.as_chunks::<8>() {
            ([low, high], _) => {
                let [low, high] = [low, high].map(|word| i64::from_le_bytes(*word));
                _mm256_setr_epi64x(low, high, low, high)
            }
            _ => _mm256_setzero_si256(),
        };
        Self { lower: twice(&halves.lower), upper: twice(&halves.upper) }
    }

    #[target_feature(enable = "avx2")]
    fn kinds(self, bytes: __m256i) -> __m256i {
        let half = _mm256_set1_epi8(0xF);
        let lower = _mm256_shuffle_epi8(self.lower, _mm256_and_si256(bytes, half));
        let upper = _mm256_shuffle_epi8(self.upper, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half));
        _mm256_and_si256(lower, upper)
    }
}

/// The thirty-two bytes from `start` on.
#[target_feature(enable = "avx2")]
fn load(window: &[u8; LANE + 1], start: usize) -> __m256i {
    match window.get(start..).unwrap_or_default().as_chunks::<8>() {
        ([a, b, c, d, ..], _) => {
            let [a, b, c, d] = [a, b, c, d].map(|word| i64::from_le_bytes(*word));
            _mm256_setr_epi64x(a, b, c, d)
        }
        _ => _mm256_setzero_si256(),
    }
}
