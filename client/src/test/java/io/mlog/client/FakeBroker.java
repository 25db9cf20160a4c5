package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.RequestCodec;
import io.mlog.protocol.ResponseCodec;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A node on a real socket that does what its script says with each request, and otherwise serves it
 * from {@link FakeLogs}. Every request of a connection is read before the one before is answered
 * when the script holds that one back.
 */
final class FakeBroker implements AutoCloseable {
    private final FakeLogs logs;
    private final ServerSocket server;
    private final Thread acceptor;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<RpcRequest<?>> received = new CopyOnWriteArrayList<>();
    private volatile Function<RpcRequest<?>, Verdict> script = request -> new Verdict.Serve();
    private final AtomicInteger accepted = new AtomicInteger();

    FakeBroker(FakeLogs logs) throws IOException {
        this(logs, 0);
    }

    FakeBroker(FakeLogs logs, int port) throws IOException {
        this.logs = logs;
        this.server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        this.acceptor = Thread.ofVirtual().start(this::accept);
    }

    /** What is done with a request. */
    sealed interface Verdict {
        /** Act and answer. */
        record Serve() implements Verdict {}

        /** Act, but break the connection in place of the answer. */
        record ServeAndDrop() implements Verdict {}

        /** Break the connection without acting. */
        record Drop() implements Verdict {}

        /** Neither act nor answer. */
        record Ignore() implements Verdict {}

        /** Answer this without acting. */
        record Answer(RpcResponse response) implements Verdict {}

        /** Act when told to, and answer then. */
        record Hold(Holder holder) implements Verdict {}
    }

    /** Requests that are held back. */
    static final class Holder {
        private final List<Runnable> held = new CopyOnWriteArrayList<>();

        int size() {
            return held.size();
        }

        /** Answers what is held, the last first. */
        void releaseInReverse() {
            List<Runnable> all = List.copyOf(held);
            held.removeAll(all);
            all.reversed().forEach(Runnable::run);
        }
    }

    HostPort address() {
        return new HostPort("127.0.0.1", server.getLocalPort());
    }

    void script(Function<RpcRequest<?>, Verdict> script) {
        this.script = script;
    }

    static Verdict answer(ErrorCode code, String message) {
        return new Verdict.Answer(ErrorResponse.of(code, message));
    }

    List<RpcRequest<?>> received() {
        return received;
    }

    <T extends RpcRequest<?>> List<T> received(Class<T> type) {
        return received.stream().filter(type::isInstance).map(type::cast).toList();
    }

    int acceptedConnections() {
        return accepted.get();
    }

    int openConnections() {
        return sockets.size();
    }

    /** Breaks every connection; new ones are accepted. */
    void dropConnections() {
        sockets.forEach(FakeBroker::closeQuietly);
    }

    /** Breaks every connection and accepts no more. */
    void die() throws IOException {
        server.close();
        // The port is open, and one more connection may be accepted, until this thread has ended.
        joined(acceptor);
        dropConnections();
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        die();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] payload = new byte[in.readInt()];
                in.readFully(payload);
                RequestCodec.Accepted request =
                        (RequestCodec.Accepted) RequestCodec.decode(payload);
                received.add(request.request());
                carryOut(script.apply(request.request()), socket, request);
            }
        } catch (IOException e) {
            // The connection ended: by the client, by the script or by close().
        } finally {
            sockets.remove(socket);
        }
    }

    private void carryOut(Verdict verdict, Socket socket, RequestCodec.Accepted request)
            throws IOException {
        switch (verdict) {
            case Verdict.Serve() -> reply(socket, request.id(), serve(request.request()));
            case Verdict.ServeAndDrop() -> {
                serve(request.request());
                socket.close();
            }
            case Verdict.Drop() -> socket.close();
            case Verdict.Ignore() -> {}
            case Verdict.Answer(RpcResponse response) ->
                    reply(socket, request.id(), Optional.of(response));
            case Verdict.Hold(Holder holder) ->
                    holder.held.add(() -> {
                        try {
                            reply(socket, request.id(), serve(request.request()));
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
    }

    private Optional<RpcResponse> serve(RpcRequest<?> request) {
        if (request instanceof FindTopicLeader.Request find) {
            return Optional.of(
                    logs.leader(new TopicPartition(find.topic(), find.partition()), address()));
        }
        return logs.serve(request, address());
    }

    private static void reply(Socket socket, long id, Optional<RpcResponse> response)
            throws IOException {
        if (response.isEmpty()) {
            return;
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        ResponseCodec.encode(OptionalLong.of(id), response.get(), payload);
        synchronized (socket) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(payload.size());
            payload.writeTo(out);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
