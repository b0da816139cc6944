//! Work on several threads, whose results come in the order in which the work was given.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// More than any machine has for one reader of files.
const MAX_THREADS: usize = 256;

/// A job, and where its result goes.
type Job<T, R> = (T, SyncSender<R>);

/// How many threads work: so many, or one for each core.
pub(super) fn threads(chosen: Option<NonZero<usize>>) -> usize {
    chosen.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get).min(MAX_THREADS)
}

/// Has threads `work` on what `feed` gives, each with its weight, while `take` gets the results, both on the caller's own. Each thread
/// `begin`s with a state that its jobs share. All jobs whose results were not taken weigh `max_weight` at the most; one that is
/// heavier is done alone, by the caller's thread. With one thread none is started, and the caller's does all.
///
/// # Panics
/// When `work` does, after everything else is done.
pub(super) fn in_order<S, T: Send, R: Send>(
    (threads, max_weight): (usize, usize),
    begin: &(dyn Fn() -> S + Sync),
    work: &(dyn Fn(&mut S, T) -> R + Sync),
    take: &mut dyn FnMut(R),
    feed: impl FnOnce(&mut dyn FnMut(T, usize)),
) {
    let mut own = begin();
    if threads < 2 {
        return feed(&mut |job, _| take(work(&mut own, job)));
    }
    thread::scope(|scope| {
        let (jobs, receiver) = channel::<Job<T, R>>();
        // With the last thread go the jobs that nobody does, or their results would be waited for.
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..threads {
            let receiver = Arc::clone(&receiver);
            scope.spawn(move || do_jobs(&receiver, begin(), work));
        }
        drop(receiver);
        let mut results: VecDeque<(usize, Receiver<R>)> = VecDeque::new();
        let mut all_weigh = 0;
        feed(&mut |job, weight| {
            while all_weigh + weight > max_weight
                && let Some((weight, result)) = results.pop_front()
            {
                all_weigh -= weight;
                result.recv().into_iter().for_each(&mut *take);
            }
            if weight > max_weight {
                return take(work(&mut own, job));
            }
            let (sender, result) = sync_channel(1);
            // If no thread is left, its panic is told at the end.
            let _received = jobs.send((job, sender));
            results.push_back((weight, result));
            all_weigh += weight;
        });
        drop(jobs);
        results.into_iter().filter_map(|(_, result)| result.recv().ok()).for_each(take);
    });
}

fn do_jobs<S, T, R>(jobs: &Mutex<Receiver<Job<T, R>>>, mut state: S, work: &(dyn Fn(&mut S, T) -> R + Sync)) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((job, result)) = job else { return };
        let _taken = result.send(work(&mut state, job));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_jobs_however_long_each_takes() {
        let results = |threads| {
            let mut results = Vec::new();
            let work = |(): &mut (), job: u64| {
                thread::sleep(Duration::from_micros(job * 7_919 % 500));
                job * 2
            };
            in_order((threads, 8), &|| (), &work, &mut |result| results.push(result), |give| {
                (0..200).for_each(|job| give(job, 1))
            });
            results
        };

        assert_eq!(results(1), (0..200).map(|job| job * 2).collect::<Vec<_>>());
        assert_eq!(results(3), results(1));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_job_that_panics_is_not_lost_in_silence() {
        in_order((2, 8), &|| (), &|(), job: u32| assert!(job < 3), &mut |()| {}, |give| {
            (0..50).for_each(|job| give(job, 1))
        });
    }
}
