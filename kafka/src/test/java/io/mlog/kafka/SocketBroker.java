package io.mlog.kafka;

import io.mlog.model.HostPort;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fakes behind a real socket, for real clients: one thread for each connection, one request
 * after the other under one lock. A fetch that would wait is woken at once.
 */
final class SocketBroker implements AutoCloseable {
    private final KafkaExchange kafka;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** What closed a connection, in order. */
    final List<String> closed = new ArrayList<>();

    SocketBroker(KafkaExchange kafka) throws IOException {
        this.kafka = kafka;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        kafka.broker.advertised = Optional.of(address());
        Thread.ofVirtual().start(this::accept);
    }

    HostPort address() {
        return new HostPort("127.0.0.1", listener.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (answer(in, socket.getOutputStream())) {
                // until one side closes
            }
        } catch (IOException e) {
            // the client closed
        }
    }

    private boolean answer(DataInputStream in, OutputStream out) throws IOException {
        byte[] request = in.readNBytes(in.readInt());
        KafkaReply reply = reply(ByteBuffer.wrap(request));
        return switch (reply) {
            case KafkaReply.Send send -> {
                ByteBuffer frame = KafkaExchange.bytes(send);
                byte[] copy = new byte[frame.remaining()];
                frame.get(copy);
                out.write(copy);
                yield true;
            }
            case KafkaReply.Nothing nothing -> true;
            case KafkaReply.Close close -> {
                synchronized (kafka) {
                    closed.add(close.reason());
                }
                yield false;
            }
        };
    }

    private KafkaReply reply(ByteBuffer request) {
        synchronized (kafka) {
            kafka.sendOnly(request);
            kafka.records.wake();
            return kafka.replies.removeFirst();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
