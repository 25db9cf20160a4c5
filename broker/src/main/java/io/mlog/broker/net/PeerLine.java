package io.mlog.broker.net;

import io.mlog.model.HostPort;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames to and from one port of another broker, over one connection at a time. Owner: the event
 * loop that it was given; only {@link #execute} and {@link #after} may be called from elsewhere.
 *
 * <p>It connects when there is something to send and no connection; frames sent meanwhile wait for
 * it. When a connection fails, whatever was sent on it is of an unknown fate, and the next frame
 * begins another. It neither repeats nor times anything: that is the peer's, who knows what the
 * frames mean.
 */
public final class PeerLine {
    private final PeerLines lines;
    private final EventLoop loop;
    private final HostPort address;
    private final Peer peer;
    private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
    private @Nullable Channel channel;
    private boolean connecting;

    /**
     * Number of the present connection or attempt, so that what belongs to former ones is known.
     */
    private int attempt;

    private long lastByteNanos;

    /** What comes of a line; the owner calls. */
    public interface Peer {
        /**
         * A frame came in.
         *
         * @param payload without its length, writable, in direct memory; borrowed for the call
         */
        void frame(ByteBuffer payload);

        /**
         * The connection could not be made, was closed by the other end, or broke; not within a
         * call of {@link PeerLine#send}, and not after {@link PeerLine#hangUp}.
         *
         * @param failure what happened, for people
         */
        void lost(Failure failure, String reason);
    }

    /** Why a connection ended that we did not end. */
    public enum Failure {
        /** It was refused, reset or closed. */
        BROKEN,
        /** What came in are no frames. */
        BAD_FRAME
    }

    PeerLine(PeerLines lines, EventLoop loop, HostPort address, Peer peer) {
        this.lines = lines;
        this.loop = loop;
        this.address = address;
        this.peer = peer;
        this.lastByteNanos = lines.nanoTime();
    }

    /** Sends a whole frame, its length included; the buffer is the line's from now on. */
    public void send(ByteBuffer frame) {
        assert loop.inEventLoop();
        Channel present = channel;
        if (present == null) {
            unsent.add(frame);
            connect();
        } else {
            write(present, frame);
            present.flush();
        }
    }

    /** Ends the connection, if there is one; the peer is not told. */
    public void hangUp() {
        assert loop.inEventLoop();
        attempt++;
        connecting = false;
        unsent.clear();
        Channel present = channel;
        channel = null;
        if (present != null) {
            present.close();
        }
    }

    /** When the last byte came in, or the line was made. */
    public long lastByteNanos() {
        return lastByteNanos;
    }

    /** Runs a task on the owner, soon; nothing happens once the lines are closed. Any thread. */
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // The lines are closed: nobody waits for what the task would do.
        }
    }

    /** Runs a task on the owner after that time; not once the lines are closed. Any thread. */
    public void after(long delayMs, Runnable task) {
        try {
            loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            // As above.
        }
    }

    private void connect() {
        if (connecting) {
            return;
        }
        connecting = true;
        int of = ++attempt;
        if (NetUtil.isValidIpV4Address(address.host())
                || NetUtil.isValidIpV6Address(address.host())) {
            connect(of, resolve());
        } else {
            Thread.ofVirtual()
                    .name("mlog-lookup")
                    .start(() -> {
                        InetSocketAddress resolved = resolve();
                        execute(() -> connect(of, resolved));
                    });
        }
    }

    /** Asks the system's resolver, which may block, when the host is a name. */
    private InetSocketAddress resolve() {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException unknown) {
            return InetSocketAddress.createUnresolved(address.host(), address.port());
        }
    }

    private void connect(int of, InetSocketAddress resolved) {
        if (of != attempt) {
            return; // not wanted any more
        }
        if (resolved.isUnresolved()) {
            lost(of, Failure.BROKEN, "no host is known by the name " + address.host());
            return;
        }
        lines.bootstrap()
                .group(loop)
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel fresh) {
                                fresh.pipeline()
                                        .addLast(new PeerFrames(PeerLine.this, of, lines, fresh));
                            }
                        })
                .connect(resolved)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        String reason = connected.cause().toString();
                        execute(() -> lost(of, Failure.BROKEN, reason));
                    }
                });
    }

    /** The connection stands; false when it is not wanted any more. */
    boolean connected(int of, Channel fresh) {
        if (of != attempt) {
            return false;
        }
        connecting = false;
        channel = fresh;
        lastByteNanos = lines.nanoTime();
        for (ByteBuffer frame = unsent.poll(); frame != null; frame = unsent.poll()) {
            write(fresh, frame);
        }
        fresh.flush();
        return true;
    }

    private void write(Channel to, ByteBuffer frame) {
        lines.bytesOut().add(frame.remaining());
        to.write(Unpooled.wrappedBuffer(frame), to.voidPromise());
    }

    boolean isCurrent(int of) {
        return of == attempt;
    }

    void heard(int of) {
        if (of == attempt) {
            lastByteNanos = lines.nanoTime();
        }
    }

    void frame(ByteBuffer payload) {
        peer.frame(payload);
    }

    /** The connection is gone, or there will be none. */
    void lost(int of, Failure failure, String reason) {
        if (of == attempt) {
            hangUp();
            peer.lost(failure, reason);
        }
    }
}
