package io.mlog.broker.replica;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A port whose other end the test plays, byte by byte, with blocking calls. */
final class ScriptedPeer implements AutoCloseable {
    private static final int PATIENCE_MS = 15_000;

    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private Socket socket = new Socket();
    private DataInputStream in = new DataInputStream(DataInputStream.nullInputStream());
    private DataOutputStream out = new DataOutputStream(DataOutputStream.nullOutputStream());

    ScriptedPeer() throws IOException {
        server.setSoTimeout(PATIENCE_MS);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Takes the next connection. */
    void accept() throws IOException {
        socket = server.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** The next frame's payload. */
    ByteBuffer readFrame() throws IOException {
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        return ByteBuffer.wrap(payload);
    }

    /** Sends a frame, its length before it. */
    void sendFrame(ByteBuffer payload) throws IOException {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    void send(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Whether the other side has ended the connection, in order or by a reset. */
    boolean isEnded() throws IOException {
        try {
            return in.read() == -1;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** Ends the connection as a process does that is killed with unread bytes. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void closeConnection() throws IOException {
        socket.close();
    }

    /** Refuses connections from now on. */
    void stopListening() throws IOException {
        server.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
    }
}
