package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer, over which letters go and nothing comes but its end, or the byte of a
 * refusal; a virtual thread waits for either. Written to by one thread, closed by any.
 */
final class PeerLink {
    static final int CONNECT_MS = 1_000;
    static final int GREETING_MS = 2_000;
    static final long YOUNG_MS = 2_000;
    static final long STUCK_MS = 2_000;

    /** What a connection needs of those who keep it. */
    interface Keeper {
        WireSettings settings();

        /** From here on a greeting with these bytes that comes in is our own. */
        void greeted(byte[] random);

        void forget(byte[] random);

        /**
         * The peer has closed the connection, or it broke; not when it was first closed here. Told
         * once, on a thread of the connection.
         */
        void ended(HostPort peer, Optional<Refusal> refusal);
    }

    /** What ended the connection. */
    private enum End {
        CLOSED_HERE,
        CLOSED_OR_BROKEN_THERE
    }

    private final HostPort peer;
    private final Keeper keeper;
    private final Socket socket = new Socket();
    private final Greeting greeting;
    private volatile @Nullable DataOutputStream out;
    private Sealing sealing = Sealing.NONE;
    private final long madeNanos = System.nanoTime();
    private volatile long writingSinceNanos;
    private volatile boolean isWriting;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    PeerLink(HostPort peer, Keeper keeper) {
        this.peer = peer;
        this.keeper = keeper;
        this.greeting = Greeting.of(keeper.settings().isSealed());
    }

    /** Connects and exchanges greetings; blocks for {@link #CONNECT_MS} and the greeting. */
    void open() throws IOException {
        keeper.greeted(greeting.random());
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MS);
            greeting.write(socket.getOutputStream());
            Greeting theirs =
                    Greeting.read(new DataInputStream(new TimedInput(socket, GREETING_MS)));
            if (greeting.sealed()) {
                sealing = sealing(theirs);
            }
            socket.setSoTimeout(0);
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        } catch (IOException | RuntimeException e) {
            close();
            keeper.forget(greeting.random());
            throw e;
        }
        Thread.ofVirtual().name("gossip-end").start(this::awaitEnd);
    }

    boolean isOpen() {
        return out != null && !socket.isClosed();
    }

    /** Whether it was made a moment ago. */
    boolean isYoung() {
        return msSince(madeNanos) < YOUNG_MS;
    }

    /** Whether the peer has taken nothing for a while of what is being written. */
    boolean isStuck() {
        return isWriting && msSince(writingSinceNanos) >= STUCK_MS;
    }

    /** Blocks while the peer takes nothing. */
    void write(byte[] letter) throws IOException {
        DataOutputStream open = out;
        if (open == null) {
            throw new IllegalStateException("the connection to " + peer + " was not opened");
        }
        writingSinceNanos = System.nanoTime();
        isWriting = true;
        try {
            Frames.write(open, sealing.seal(letter));
        } catch (IOException e) {
            // Whoever writes closes now, perhaps before the one who waits for the end has woken up.
            ended(End.CLOSED_OR_BROKEN_THERE);
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a letter could not be sealed", e);
        } finally {
            isWriting = false;
        }
    }

    void close() {
        ended(End.CLOSED_HERE);
        closeSocket();
    }

    /** The first who comes says why. */
    private void ended(End cause) {
        end.compareAndSet(null, cause);
    }

    private Sealing sealing(Greeting theirs) {
        try {
            return AesGcmSealing.of(
                    keeper.settings().keys().getFirst(), greeting.random(), theirs.random());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM or no HKDF", e);
        }
    }

    private void awaitEnd() {
        int told = -1;
        try {
            told = socket.getInputStream().read();
        } catch (IOException e) {
            // The end all the same.
        }
        ended(End.CLOSED_OR_BROKEN_THERE);
        closeSocket();
        keeper.forget(greeting.random());
        if (end.get() == End.CLOSED_OR_BROKEN_THERE) {
            keeper.ended(peer, Refusal.of(told));
        }
    }

    private static long msSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that is given up has nothing left to lose.
        }
    }
}
