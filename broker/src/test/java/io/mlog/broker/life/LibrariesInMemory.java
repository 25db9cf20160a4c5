package io.mlog.broker.life;

import io.mlog.broker.topics.InMemoryMetadataLog;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.Membership;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A cluster of one broker, all of it in memory: nobody to gossip with, and itself a majority. */
public final class LibrariesInMemory implements ClusterLibraries {
    @Override
    public HostPort gossipAddress() {
        return new HostPort("127.0.0.1", 1);
    }

    @Override
    public HostPort raftAddress() {
        return new HostPort("127.0.0.1", 2);
    }

    @Override
    public Membership startGossip(
            Member self, List<HostPort> peers, Consumer<MembershipEvent> listener) {
        return new Alone(self);
    }

    @Override
    public OpenMetadata openMetadata(
            MetadataSeat seat, Consumer<MetadataImage> images, Consumer<Throwable> fatal) {
        FakeQuorum quorum = new FakeQuorum(seat.self());
        quorum.lead(1);
        return new OpenMetadata(new InMemoryMetadataLog(images), quorum);
    }

    @Override
    public boolean hasMetadata(MetadataSeat seat) {
        return true;
    }

    @Override
    public void close() throws IOException {}

    private static final class Alone implements Membership {
        private volatile Member self;

        Alone(Member self) {
            this.self = self;
        }

        @Override
        public Member self() {
            return self;
        }

        @Override
        public List<Member> members() {
            return List.of(self);
        }

        @Override
        public List<Member> rivals() {
            return List.of();
        }

        @Override
        public CompletableFuture<Void> joined() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void updateState(String state) {
            self = self.withState(state);
        }

        @Override
        public void updateClusterId(String clusterId) {
            self = self.withClusterId(clusterId);
        }

        @Override
        public CompletableFuture<Void> leave() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
