package io.mlog.systemtests.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy before a broker that cuts a connection after a number of bytes of <em>answers</em>:
 * the broker has done the work, the client never learns it. That is where a retry could write
 * twice.
 */
public final class CuttingProxy implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 64;

    private final ServerSocket listener;
    private final int brokerPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong answerBytesLeft = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong cuts = new AtomicLong();

    private CuttingProxy(ServerSocket listener, int brokerPort) {
        this.listener = listener;
        this.brokerPort = brokerPort;
    }

    /** Listens on this port of the loopback address and passes everything through. */
    public static CuttingProxy before(int brokerPort, int port) throws IOException {
        var listener = new ServerSocket(port, MOST_CONNECTIONS, InetAddress.getLoopbackAddress());
        CuttingProxy proxy = new CuttingProxy(listener, brokerPort);
        Thread.ofVirtual().name("proxy-listener").start(proxy::accept);
        return proxy;
    }

    /** From now on cuts all connections once, when the broker has answered so many bytes more. */
    public void cutAfterAnswerBytes(long bytes) {
        answerBytesLeft.set(bytes);
    }

    /** How often connections were cut. */
    public long cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket broker = new Socket();
                open.add(client);
                open.add(broker);
                broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort));
                Thread.ofVirtual().start(() -> copy(client, broker, false));
                Thread.ofVirtual().start(() -> copy(broker, client, true));
            } catch (IOException e) {
                // The listener was closed, or the broker is down and the client will come again.
                cutAll();
            }
        }
    }

    private void copy(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && cutsNow(read)) {
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // Either side went away; so does the other, below.
        } finally {
            close(from);
            close(to);
        }
    }

    private boolean cutsNow(int answered) {
        if (answerBytesLeft.get() == Long.MAX_VALUE || answerBytesLeft.addAndGet(-answered) > 0) {
            return false;
        }
        answerBytesLeft.set(Long.MAX_VALUE);
        cuts.incrementAndGet();
        cutAll();
        return true;
    }

    /** Those that are open now: whoever comes while they are cut is let through. */
    private void cutAll() {
        List.copyOf(open).forEach(this::close);
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that cannot be closed is gone already.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
    }
}
