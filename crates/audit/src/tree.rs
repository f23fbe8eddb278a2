//! The Merkle tree of RFC 6962 §2.1: leaf and node hashes, the right edge that appending needs, inclusion proofs.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The hash of an entry's body as a leaf: SHA-256(0x00 ‖ body).
pub fn leaf(body: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(body).finalize().into()
}

/// The hash of two subtrees: SHA-256(0x01 ‖ left ‖ right).
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The right edge of a tree: one root per perfect subtree, largest first. All that appending and the root need, so
/// both cost O(log n) whatever the log's size.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    roots: Vec<Hash>,
}

impl Edge {
    /// How many leaves the tree has.
    pub const fn size(&self) -> u64 {
        self.size
    }
    /// Adds one leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = leaf;
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.roots.pop() {
                carried = node(&left, &carried);
            }
            size >>= 1;
        }
        self.roots.push(carried);
        self.size += 1;
    }
    /// The Merkle tree hash; for the empty tree, the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        match roots.next() {
            None => Sha256::digest([]).into(),
            Some(last) => roots.fold(*last, |right, left| node(left, &right)),
        }
    }
    /// The edge as bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }
    /// Reads the edge back. `None` if there are not as many hashes as a tree of that size has perfect subtrees.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Edge> {
        let (roots, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && roots.len() == size.count_ones() as usize;
        fits.then(|| Edge { size, roots: roots.to_vec() })
    }
}

/// The root over these leaves.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut edge = Edge::default();
    leaves.iter().for_each(|leaf| edge.push(*leaf));
    edge.root()
}

/// The audit path of leaf `index` in the tree over `leaves`, nearest sibling first (RFC 6962 §2.1.1). `None` if there
/// is no such leaf.
pub fn prove(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at_checked(split(leaves.len()))?;
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (prove(left, index)?, root(right)),
        Some(index) => (prove(right, index)?, root(left)),
    };
    path.push(sibling);
    Some(path)
}

/// Whether `path` proves that `leaf` stands at `index` in the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
pub fn proves(path: &[Hash], leaf: Hash, index: u64, size: u64, root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The largest power of two below `n`.
const fn split(n: usize) -> usize {
    let half = n.next_power_of_two() / 2;
    if half == 0 { 1 } else { half }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Test vectors of the Certificate Transparency reference code.
    #[test]
    fn known_roots() {
        let inputs: [&[u8]; 8] = [
            &[],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let leaves: Vec<Hash> = inputs.iter().map(|i| leaf(i)).collect();
        assert_eq!(hex(&root(&[])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(
            hex(&root(&leaves[..1])),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(hex(&root(&leaves)), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    proptest! {
        #[test]
        fn every_leaf_is_provable_and_nothing_else(size in 1usize..70, index in 0usize..70, other in 0usize..70) {
            let leaves: Vec<Hash> = (0..size).map(|i| leaf(&i.to_be_bytes())).collect();
            let root = root(&leaves);
            match prove(&leaves, index) {
                None => prop_assert!(index >= size),
                Some(path) => {
                    prop_assert!(proves(&path, leaves[index], index as u64, size as u64, &root));
                    if other != index && other < size {
                        prop_assert!(!proves(&path, leaves[other], index as u64, size as u64, &root));
                        prop_assert!(!proves(&path, leaves[index], other as u64, size as u64, &root));
                    }
                }
            }
        }

        #[test]
        fn edge_survives_storage(size in 0u64..200) {
            let mut edge = Edge::default();
            (0..size).for_each(|i| edge.push(leaf(&i.to_be_bytes())));
            prop_assert_eq!(Edge::from_bytes(size, &edge.to_bytes()), Some(edge.clone()));
            prop_assert_eq!(Edge::from_bytes(size + 1, &edge.to_bytes()).is_some(), (size + 1).count_ones() == size.count_ones());
        }
    }
}
