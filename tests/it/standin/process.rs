//! What becomes of a handler that ends, and of what it writes.

#[cfg(unix)]
#[test]
fn a_handler_that_ends_with_0_stays_dead_one_with_200_costs_nothing_and_any_other_has_crashed() {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;

    use support::functions_host::process::Ending;

    let after = |code: i32| Ending::of(ExitStatus::from_raw(code << 8));

    assert_eq!((after(0), after(200)), (Ending::ForGood, Ending::Restart));
    assert_eq!((after(1), after(201), after(137)), (Ending::Crash, Ending::Crash, Ending::Crash));
    let killed = 9;
    assert_eq!(Ending::of(ExitStatus::from_raw(killed)), Ending::Crash);
}

#[test]
fn a_line_on_stderr_is_an_error_unless_the_word_for_something_less_is_in_it() {
    use support::functions_host::lines::Level;

    assert_eq!(Level::of_stderr("the queue is gone"), Level::Error);
    assert_eq!(Level::of_stderr("expected error, Warn or info"), Level::Warning);
}
