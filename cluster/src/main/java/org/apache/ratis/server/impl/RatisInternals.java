package org.apache.ratis.server.impl;

import java.io.IOException;
import java.lang.reflect.Field;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.util.LifeCycle;

/**
 * Three corrections to Ratis 3.3.0 that can only be made from its own package. All concern nodes
 * that listen before they vote; see decision record 22 for what happens without them.
 */
public final class RatisInternals {
    private static final Field LIFE_CYCLE = lifeCycleField();

    private RatisInternals() {}

    /**
     * Says on the leader that a listener it added has caught up. Ratis says so of new voters only,
     * and of all under the next leader: until then it would take the listener for one that is being
     * added still, give it up with the next addition that fails, and ignore its higher terms.
     */
    public static void caughtUp(FollowerInfo follower) {
        ((FollowerInfoImpl) follower).catchUp();
    }

    /**
     * Gives this node the role that the configuration in its log gives it. Ratis leaves a listener
     * what it is until a change of the configuration is finished, so that it refuses its vote to
     * whoever needs it to finish the change; it takes a node that was added as a listener while it
     * ran for a voter; and it has a voter that is new, or was restarted between the two halves of
     * the change that made it one, wait for a word from the leader, who may be gone and need its
     * vote to come back.
     */
    public static void takeConfiguredRole(RaftServer.Division division) {
        RaftServerImpl server = (RaftServerImpl) division;
        if (configuredRole(server) == server.getInfo().getCurrentRole() && !waitsAsVoter(server)) {
            return;
        }
        synchronized (server) {
            RaftPeerRole present = server.getInfo().getCurrentRole();
            RaftPeerRole configured = configuredRole(server);
            if (present != configured) {
                server.getRole().transitionRole(configured);
            }
            if (waitsAsVoter(server)) {
                server.getRole().startFollowerState(server, "the log makes it a voter");
                lifeCycleOf(server).transition(LifeCycle.State.RUNNING);
            }
        }
    }

    /**
     * Answers a candidate that counts on this node. A listener votes like anybody: the change that
     * made it a voter may be in the candidate's log and not yet in its own. Ratis has it refuse,
     * and then nobody can be elected while another voter is away.
     */
    public static RequestVoteReplyProto vote(
            RaftServer.Division division, RequestVoteRequestProto request) throws IOException {
        RaftServerImpl server = (RaftServerImpl) division;
        if (server.getInfo().getCurrentRole() != RaftPeerRole.LISTENER) {
            return server.requestVote(request);
        }
        synchronized (server) {
            boolean listens = server.getInfo().getCurrentRole() == RaftPeerRole.LISTENER;
            if (listens) {
                server.getRole().transitionRole(RaftPeerRole.FOLLOWER);
            }
            try {
                return server.requestVote(request);
            } finally {
                if (listens && server.getInfo().getCurrentRole() == RaftPeerRole.FOLLOWER) {
                    server.getRole().transitionRole(RaftPeerRole.LISTENER);
                }
            }
        }
    }

    private static boolean waitsAsVoter(RaftServerImpl server) {
        return server.getInfo().getLifeCycleState() == LifeCycle.State.STARTING
                && server.getRaftConf().containsInConf(server.getId());
    }

    /** Follower or listener when the present role contradicts it, else the present role. */
    private static RaftPeerRole configuredRole(RaftServerImpl server) {
        RaftPeerRole present = server.getInfo().getCurrentRole();
        RaftConfigurationImpl configuration = server.getRaftConf();
        boolean votes =
                configuration.containsInConf(server.getId())
                        || configuration.containsInOldConf(server.getId());
        if (present == RaftPeerRole.LISTENER && votes) {
            return RaftPeerRole.FOLLOWER;
        }
        if (present == RaftPeerRole.FOLLOWER
                && !votes
                && configuration.containsInConf(server.getId(), RaftPeerRole.LISTENER)) {
            return RaftPeerRole.LISTENER;
        }
        return present;
    }

    private static LifeCycle lifeCycleOf(RaftServerImpl server) {
        try {
            return (LifeCycle) LIFE_CYCLE.get(server);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the life cycle of Ratis cannot be read", e);
        }
    }

    private static Field lifeCycleField() {
        try {
            Field field = RaftServerImpl.class.getDeclaredField("lifeCycle");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this is not the Ratis that mlog was built for", e);
        }
    }
}
