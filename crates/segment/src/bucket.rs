//! Random splits that stay what they are: for tests and holdouts.

use discreet_domain::PatientId;
use sha2::{Digest, Sha256};

/// The bucket of a patient, from 0 up to but not including `of`: the first eight bytes of
/// `SHA-256(salt ‖ 0x00 ‖ the patient id's sixteen bytes)`, read big-endian, modulo `of`. The salt is UTF-8 as written.
/// 0 if `of` is 0.
pub fn bucket_of(patient: PatientId, salt: &str, of: u32) -> u32 {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(patient.uuid().as_bytes());
    let first = hash.finalize().iter().take(8).fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
    first.checked_rem(u64::from(of)).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The split of a running test must never change. These values were computed by another program.
    #[test]
    fn buckets_are_fixed_for_good() {
        let patient = PatientId::from_uuid(uuid::Uuid::from_u128(1));
        let other = PatientId::from_uuid(uuid::Uuid::from_u128(2));
        assert_eq!(bucket_of(patient, "spring", 100), 4);
        assert_eq!(bucket_of(other, "spring", 100), 28);
        assert_eq!(bucket_of(patient, "", 2), 1);
        assert_eq!(bucket_of(other, "", 10_000), 6780);
        assert_eq!(bucket_of(patient, "spring", 0), 0);
    }

    #[test]
    fn buckets_are_even_and_salts_independent() {
        let patients = (0..4000_u128).map(|n| PatientId::from_uuid(uuid::Uuid::from_u128(n)));
        let mut quarters = [0_u32; 4];
        let mut both = 0_u32;
        for patient in patients {
            quarters[bucket_of(patient, "a", 4) as usize] += 1;
            both += u32::from(bucket_of(patient, "a", 2) == 0 && bucket_of(patient, "b", 2) == 0);
        }
        assert!(quarters.iter().all(|n| (850..1150).contains(n)), "{quarters:?}");
        assert!((850..1150).contains(&both), "{both}");
    }
}
