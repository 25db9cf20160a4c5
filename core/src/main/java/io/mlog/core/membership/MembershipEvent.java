package io.mlog.core.membership;

/**
 * A change of who is there, by node id: see {@link MemberTable} for which boot of a node counts.
 */
public sealed interface MembershipEvent {
    /** The member the event is about, as it is now or was last. */
    Member member();

    /** A node appeared that was not there. */
    record Joined(Member member) implements MembershipEvent {}

    /**
     * A node that is there says something else about itself, or another boot of it counts now: then
     * epoch, addresses and directory may be others.
     */
    record Updated(Member before, Member after) implements MembershipEvent {
        @Override
        public Member member() {
            return after;
        }
    }

    /**
     * A connection to a node that is there broke: a reason to look at once whether it is alive.
     * Comes long before {@link Failed} when a process was killed, and also for no reason.
     */
    record Suspected(Member member) implements MembershipEvent {}

    /** A node said goodbye; its last state tells whether for good. */
    record Left(Member member) implements MembershipEvent {}

    /** A node no longer answers anyone who asked: dead, paused or cut off. It may come back. */
    record Failed(Member member) implements MembershipEvent {}
}
