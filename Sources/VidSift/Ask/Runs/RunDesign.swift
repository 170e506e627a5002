// How an answer outlives the connection that asked for it.
//
// # What is promised
//
// Whoever has asked can read the answer's events in order, each once, from any event on, on any instance, for a day after
// the end; and there is one end: `done`, or `error`. Nobody is sent an event that is not stored: committed, so that every
// instance sees it and no crash of ours loses it. Only the end waits for the disk as well.
//
// # Who makes it
//
//     Ask.begin ──▶ session, question and the run's row, one transaction: from here on the run has a holder and a lease
//     RunHost   ──▶ Ask.produce ──events──▶ RunJournal ──stored──▶ RunFeed ──▶ RunFollower ──▶ a rendering
//               └─▶ the end: the answer's message, the run's state and the last event, one transaction
//
// A run belongs to its host, not to the request: a reader who leaves ends nothing. A host stops a run when its owner
// wishes it, when nobody has read it for the grace's time, when it takes too long, and when the server stops. To stop is
// to cancel the making, and its request to the provider with it; what there is of the answer is stored.
//
// # Who may write what
//
// * An event is stored while the run is `running` and its holder's; it may be joined with text that waits beside it.
// * Numbers go from 1 on without a gap. So when a holder and whoever ends its run write at once, they meet at the same
//   number, and the key of `run_events` lets one of them through: no lock is held for that.
// * Whoever ends a run changes the session's row first, then the run's: the order in which a deletion takes them.
// * A write whose answer was lost is made again. An event that is there already, of a run that is still ours, is the same
//   event; an end is known by its last event.
//
// # What each crash leaves behind
//
// * Before the commit of a question: nothing. After: a run without events, whose lease ends.
// * Between two events, or before the end: a run with some events, whose lease ends. Whoever reads it then ends it, or
//   the clock does: as an error that says to ask again, with a message of what was said.
// * After the end: nothing that is not stored.
// * A database that loses its power may forget the last events of runs that have not ended (PostgreSQL: of half a second).
//   A holder that lives notices by the gap, at the end at the latest, and ends its run as failed; otherwise it is like
//   any dead holder's. A reader who knows more than there is gets the end.
//
// # Reading
//
// A reader in the same process takes events from the feed. The feed keeps only what some reader has not taken, and little
// of that: who is further behind reads pages from the database until he has caught up. A reader in another process looks
// at the database when it is told of events (PostgreSQL), and from time to time anyway; and says there that it reads.
