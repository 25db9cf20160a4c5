package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Boot;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberTable;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.membership.MembershipEvent.Suspected;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of members with the one thread that owns it and calls the listener. What the library
 * tells waits in a bounded queue; when that is full the library waits, so that a listener that
 * blocks slows gossip down instead of taking all memory. Views are read by any thread.
 */
final class Roster implements AutoCloseable {
    private static final int MAX_WAITING = 1_000;
    private static final long END_MS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

    /**
     * Who is known at a moment.
     *
     * @param boots ids of all boots but this one, those that do not count included
     */
    record View(List<Member> members, List<Member> rivals, Set<String> boots) {
        View {
            members = List.copyOf(members);
            rivals = List.copyOf(rivals);
            boots = Set.copyOf(boots);
        }
    }

    private final MemberTable table;
    private final Set<String> boots = new HashSet<>();
    private final Consumer<MembershipEvent> listener;
    private final ThreadPoolExecutor owner;
    private volatile View view;

    Roster(Member self, Consumer<MembershipEvent> listener) {
        this.table = new MemberTable(self);
        this.listener = listener;
        this.view = new View(table.members(), table.rivals(), boots);
        this.owner =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("mlog-gossip-events").factory(),
                        Roster::waitForRoom);
    }

    View view() {
        return view;
    }

    /** This node says something else about itself. */
    void describeSelf(Member self) {
        owner.execute(() -> tell(table.describeSelf(self)));
    }

    /** A boot is there, and described itself. */
    void present(Boot boot, byte[] tags) {
        owner.execute(() -> {
            try {
                Member member = TagsCodec.decode(boot, tags);
                boots.add(boot.id());
                tell(table.present(member).stream().toList());
            } catch (IOException e) {
                LOG.warn(
                        "gossip of {} at {} is ignored: {}",
                        boot.id(),
                        boot.address(),
                        e.getMessage());
            }
        });
    }

    /** A boot said goodbye. */
    void left(Boot boot) {
        owner.execute(() -> {
            boots.remove(boot.id());
            tell(table.left(boot.nodeId(), boot.bootEpoch()).stream().toList());
        });
    }

    /** A boot is gone. */
    void gone(Boot boot) {
        owner.execute(() -> {
            boots.remove(boot.id());
            tell(table.gone(boot.nodeId(), boot.bootEpoch()).stream().toList());
        });
    }

    /** The connection to that address broke. */
    void broken(HostPort address) {
        owner.execute(() -> tell(table.at(address).stream().map(Roster::suspected).toList()));
    }

    /** Ends the thread; nothing is told afterwards. */
    @Override
    public void close() {
        owner.shutdownNow();
        try {
            if (!owner.awaitTermination(END_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a listener of gossip has not returned within {} ms", END_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MembershipEvent suspected(Member member) {
        return new Suspected(member);
    }

    private void tell(List<MembershipEvent> events) {
        View before = view;
        view = new View(table.members(), table.rivals(), boots);
        view.rivals().stream()
                .filter(rival -> !before.rivals().contains(rival))
                .forEach(rival ->
                        LOG.warn(
                                "another process at {} has the node id {} too, on data directory {}",
                                rival.gossipAddress(),
                                rival.nodeId(),
                                rival.directoryId()));
        for (MembershipEvent event : events) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("a listener of gossip failed at {}", event, e);
            }
        }
    }

    /** Waits, unless the roster was closed: then the news is dropped. */
    private static void waitForRoom(Runnable news, ThreadPoolExecutor owner) {
        if (owner.isShutdown()) {
            return;
        }
        try {
            owner.getQueue().put(news);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted", e);
        }
    }
}
