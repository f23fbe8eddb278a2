//! Who goes first: SQLite has one writer, and a withdrawal must not wait behind an import.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// How urgent a write transaction is, most urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lane {
    /// Somebody says no: withdrawals, the red button.
    Withdrawal,
    /// Somebody looks, or changes something by hand.
    Receipt,
    /// Messages move.
    Dispatch,
    /// Bulk.
    Import,
}

const LANES: usize = 4;

#[derive(Default)]
struct State {
    taken: bool,
    waiting: [VecDeque<oneshot::Sender<Turn>>; LANES],
}

/// One writer, lanes of those who wait.
#[derive(Clone, Default)]
pub(crate) struct Lanes(Arc<Mutex<State>>);

/// The turn to write; ends when dropped.
pub(crate) struct Turn(Lanes);

impl Lanes {
    /// Waits for its turn.
    pub(crate) async fn turn(&self, lane: Lane) -> Turn {
        let waiting = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if !state.taken {
                state.taken = true;
                return Turn(self.clone());
            }
            let (sender, receiver) = oneshot::channel();
            if let Some(queue) = state.waiting.get_mut(lane as usize) {
                queue.push_back(sender);
            }
            receiver
        };
        match waiting.await {
            Ok(turn) => turn,
            // Cannot be: a sender is dropped only after it has sent. Taking the turn anyway is safe with SQLite's own lock.
            Err(_) => Turn(self.clone()),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
            let next = state.waiting.iter_mut().find_map(VecDeque::pop_front);
            state.taken = next.is_some();
            next
        };
        if let Some(next) = next {
            // Whoever gave up waiting gives the turn back at once: it comes back in the error and is dropped here.
            drop(next.send(Turn(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_urgent_go_first_and_who_gave_up_is_passed_over() {
        let lanes = Lanes::default();
        let first = lanes.turn(Lane::Import).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for (name, lane) in [("import", Lane::Import), ("dispatch", Lane::Dispatch), ("no", Lane::Withdrawal)]
        {
            let (lanes, order) = (lanes.clone(), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _turn = lanes.turn(lane).await;
                order.lock().unwrap().push(name);
            }));
            tokio::task::yield_now().await;
        }
        let gave_up = tokio::spawn({
            let lanes = lanes.clone();
            async move { drop(lanes.turn(Lane::Withdrawal).await) }
        });
        tokio::task::yield_now().await;
        gave_up.abort();
        let _ = gave_up.await;
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["no", "dispatch", "import"]);
        drop(lanes.turn(Lane::Import).await);
    }
}
