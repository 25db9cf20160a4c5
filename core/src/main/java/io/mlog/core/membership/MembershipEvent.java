package io.mlog.core.membership;

/**
 * A change of who is there. A node is named by its node id, and only its highest boot epoch known
 * here counts: the end of an older boot is no event.
 */
public sealed interface MembershipEvent {
    /** The member the event is about, as it is now or was last. */
    Member member();

    /** A node appeared that was not there. */
    record Joined(Member member) implements MembershipEvent {}

    /**
     * A node that is there says something else about itself, or was started again: then the boot
     * epoch is higher, and addresses and directory may be others.
     */
    record Updated(Member before, Member after) implements MembershipEvent {
        @Override
        public Member member() {
            return after;
        }
    }

    /** A node said goodbye; its last state tells whether for good. */
    record Left(Member member) implements MembershipEvent {}

    /** A node no longer answers anyone who asked: dead, paused or cut off. It may come back. */
    record Failed(Member member) implements MembershipEvent {}
}
