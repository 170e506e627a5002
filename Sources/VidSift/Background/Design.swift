// How background work survives, and why it is done once.
//
// # What is promised
//
// Whatever has been accepted is done, by any number of instances, in order of importance, and its effect on the database
// happens once. Anyone can see where it stands and why. What a handler does outside of the database (a request to a
// provider) can happen again after a crash: nothing can prevent that, so handlers order it before their transaction.
//
// # Where a job is
//
//     enqueue ──▶ scheduled ──(its time)──▶ pending ──(claim)──▶ running ──▶ completed ┐
//         └────────────────────────────────────▲  ▲                │  │  ├──▶ buried    ├ job_archive
//                                              │  │                │  │  └──▶ cancelled ┘
//              (last child ends)  waiting ─────┘  └─(lease ends)───┘  │
//                                    ▲──────────(sleep)───────────────┤
//                                              scheduled ◀─(retry)────┘
//
// `jobs` holds what is still to be done, and only that, so it stays small; `job_archive` what has ended; `job_attempts`
// the attempts that did not end in success. A redrive moves a row from the archive back, with its history and its fence.
//
// # Who may write what, and when
//
// * Anyone who has something to do inserts a row, in the transaction that makes it necessary. UNIQUE (kind, subject)
//   makes the same wish twice one job. Nobody else inserts.
// * A pending row belongs to nobody. A claim is one statement: it takes rows that nobody else is taking (SKIP LOCKED),
//   names the worker, adds one to the fence and sets the end of the lease by the database's clock.
// * A running row belongs to the worker and fence it names. Every statement about it says `WHERE id AND worker AND
//   fence`; if nothing was changed, the work is somebody else's and what was in that transaction is undone. The worker's
//   name is that of one run of the program, so a claim that a crash of the server has forgotten (claims need not wait
//   for the disk) can't be mistaken for a later one with the same fence.
// * Three others may write about a running row: a renewal (the same worker), a rescue (anyone, once the lease is over by
//   the database's clock), and a wish to cancel (a flag, which the worker reads at its next heartbeat).
// * A handler that writes calls `complete(in:)` in that very transaction: the row of the job leaves with the effect.
//   That is all there is to "once": there is no moment at which one of the two exists.
// * Who writes about a video's work touches `ingests` first and `jobs` second; a parent's row comes after its child's.
//
// # What each crash leaves behind
//
// * Before the commit of an enqueue: nothing. After: a pending row, whoever is told of it or not; polling finds it.
// * Between a claim and its answer: a running row that no process knows. Its lease ends, and it is rescued.
// * While a handler runs: the same. The attempt goes into the history as `lost`, and counts as a crash: after five in a
//   row whoever claims the job buries it instead, so that work which kills its process does not kill all of them.
// * Between the end of a handler and the batch in which ends are written: the same; the handler's own effect, if it had
//   one in the database, has ended the job already.
// * Between a child's end and its parent's: nothing, they are one transaction; `open_children` is a counter in the
//   parent's row, so two last children that end at once can't both overlook that they were the last.
// * Between a tick's row in `cron_runs` and its job: nothing, one transaction.
// * Of the server: commits that were acknowledged as durable stay. A forgotten claim is a pending row; a forgotten
//   renewal a lease that ends early, which costs an attempt.
//
// # Silence
//
// A worker renews its claims every 1.5 s for 6 s. It compares them with its own clock, too: if no renewal came through,
// it stops the work before anybody else could begin it (its own clock started before the database's). A process that is
// suspended does not notice that it is late; when it wakes, its transaction finds another worker or fence in the row.
//
// Silence proves nothing when the database itself is slow: it silences everybody. So whoever wants to rescue must have
// had heartbeats on time for a whole lease itself (`RescueRight`). A dead worker beside a live one is replaced after
// 6 s and at most 1.5 s more; one that was alone, a lease after the next start. In a folder (SQLite) one process works at
// a time, under a file lock that the kernel takes from the dead: whoever gets it takes over everything at once.
//
// # Order
//
// Each kind has its own places in a worker, so no kind waits for another. Within a kind: priority, then turn, then time.
// The turn is start-time fair queuing: a requester's next job stands one behind his last, never before what is being
// claimed now. Thousands of jobs of one requester thus delay another's only one by one.
//
// # Dead rows
//
// Each job leaves two or three dead rows in `jobs`. Vacuum removes them, unless somebody keeps an old snapshot open for
// long: then `compact_jobs` (every 10 s, above 20,000) moves the living rows into an empty file.
