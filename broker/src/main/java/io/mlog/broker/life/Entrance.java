package io.mlog.broker.life;

import io.mlog.broker.config.NodeConfig;
import io.mlog.broker.http.Readiness;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.Membership;
import io.mlog.model.TopicId;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.DirectoryIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which cluster this node is to be part of: the one its directory belongs to, the one its
 * peers know, or a new one. Used once, by the thread that starts the broker; may block as long as
 * no peer answers.
 *
 * <table>
 * <caption>Ways in</caption>
 * <tr><td>the directory belongs to a cluster</td><td>returns to it, no flag needed</td></tr>
 * <tr><td>empty directory, no peer, or {@code --bootstrap}</td><td>founds a cluster, unless a peer
 *     already is in one</td></tr>
 * <tr><td>empty directory, peers</td><td>waits until one of them knows a cluster, and joins
 *     it</td></tr>
 * </table>
 */
public final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

    /** How long a founder waits for a peer that may already be in a cluster. */
    private static final long FOUNDING_MS = 1000;

    private static final long SAY_EVERY_MS = 10_000;

    private final NodeConfig config;
    private final DataDirectory directory;
    private final Neighbours neighbours;
    private final Readiness readiness;
    private final RandomGenerator random;

    /** Which cluster, and whether it begins with this node. */
    public record Cluster(String id, boolean founds) {}

    /** For the start of one broker; gossip has begun where there are peers. */
    public Entrance(
            NodeConfig config,
            DataDirectory directory,
            Neighbours neighbours,
            Readiness readiness,
            RandomGenerator random) {
        this.config = config;
        this.directory = directory;
        this.neighbours = neighbours;
        this.readiness = readiness;
        this.random = random;
    }

    /**
     * The cluster to be part of.
     *
     * @throws IOException when the node may not be part of it; the message says what to do
     */
    public Cluster find() throws IOException, InterruptedException {
        Optional<DirectoryIdentity> identity = directory.identity();
        if (identity.isPresent()) {
            if (config.bootstrap()) {
                LOG.warn(
                        "--bootstrap does nothing here: {} belongs to cluster {} already",
                        directory.root(),
                        identity.get().clusterId());
            }
            refuseRivals();
            return new Cluster(identity.get().clusterId(), false);
        }
        if (config.peers().isEmpty() || config.bootstrap()) {
            refuseToFoundBesideAnother();
            return new Cluster(newId(), true);
        }
        String clusterId = learn();
        refuseRivals();
        return new Cluster(clusterId, false);
    }

    private void refuseToFoundBesideAnother() throws IOException, InterruptedException {
        if (config.peers().isEmpty()) {
            return;
        }
        neighbours.await(() -> knownCluster().isPresent() || neighbours.joined(), FOUNDING_MS);
        Optional<Member> settled = knownCluster();
        if (settled.isPresent()) {
            throw new IOException(
                    "--bootstrap would found a second cluster: node %s at %s belongs to cluster %s; start without --bootstrap to join it"
                            .formatted(
                                    settled.get().nodeId(),
                                    settled.get().gossipAddress(),
                                    settled.get().clusterId()));
        }
    }

    private String learn() throws InterruptedException {
        String waiting = "looking for the cluster of its peers " + config.peers();
        readiness.become(Readiness.Phase.STARTING, waiting);
        while (!neighbours.await(() -> knownCluster().isPresent(), SAY_EVERY_MS)) {
            LOG.info("{}: none of them is in one yet, or none answers", waiting);
        }
        return knownCluster().orElseThrow().clusterId();
    }

    private Optional<Member> knownCluster() {
        return neighbours.members().stream()
                .filter(member -> !member.clusterId().isEmpty())
                .findFirst();
    }

    /** One that was killed a moment ago is listed until it is found to have failed. */
    private void refuseRivals() throws IOException, InterruptedException {
        if (!config.peers().isEmpty()) {
            // Before anybody was met there are no rivals to see.
            neighbours.await(neighbours::joined, FOUNDING_MS);
        }
        long patienceMs = Membership.FAILURE_DETECTION_MS + FOUNDING_MS;
        if (!neighbours.await(() -> neighbours.rivals().isEmpty(), patienceMs)) {
            List<Member> rivals = neighbours.rivals();
            if (!rivals.isEmpty()) {
                throw new IOException(
                        "node id '%s' is taken: a process with another data directory is alive under it at %s; stop it, or give this one another --node-id"
                                .formatted(config.nodeId(), rivals.getFirst().gossipAddress()));
            }
        }
    }

    private String newId() {
        return new TopicId(random.nextLong(), random.nextLong()).toString();
    }
}
