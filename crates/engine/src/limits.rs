//! Every limit of the engine, once.

/// How many patients lie in one block of columns.
pub const BLOCK_ROWS: usize = 8_192;
/// Another core is worth its thread from so many patients on that are asked about one by one.
pub const ROWS_FOR_A_CORE: usize = 2_048;
/// How many facts a trace names for one condition; of more it says only how many.
pub const WHY_FACTS: usize = 20;

/// How patients are divided into blocks. Answers do not depend on it, only time and memory do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blocks {
    rows: usize,
}

impl Default for Blocks {
    fn default() -> Self {
        Blocks::of(BLOCK_ROWS)
    }
}

impl Blocks {
    /// Blocks of so many patients, rounded up to a multiple of 64, because a block begins at a word of a bitmap.
    pub const fn of(rows: usize) -> Blocks {
        let words = rows.div_ceil(64);
        Blocks { rows: if words == 0 { 64 } else { words * 64 } }
    }
    /// How many patients lie in one.
    pub const fn rows(self) -> usize {
        self.rows
    }
    /// A block is written anew once so many of its patients have changed.
    pub const fn rewrite_at(self) -> usize {
        self.rows / 4
    }
    /// Changed patients wait in small blocks of at most so many.
    pub const fn delta_rows(self) -> usize {
        self.rows / 2
    }
}
