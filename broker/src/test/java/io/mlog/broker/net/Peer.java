package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** The other end of a connection, byte by byte, with blocking calls. */
public final class Peer implements AutoCloseable {
    private static final int PATIENCE_MS = 15_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;

    private Peer(int port, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    public static Peer connect(int port) throws IOException {
        return new Peer(port, 0);
    }

    /** A peer whose kernel takes little before it reads. */
    public static Peer withSmallReceiveBuffer(int port) throws IOException {
        return new Peer(port, 4096);
    }

    public void send(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public void send(String text) throws IOException {
        send(text.getBytes(UTF_8));
    }

    public void sendFrame(byte... payload) throws IOException {
        send(framed(payload));
    }

    public void sendFrame(String payload) throws IOException {
        sendFrame(payload.getBytes(UTF_8));
    }

    public static byte[] framed(byte... payload) {
        byte[] frame = new byte[payload.length + 4];
        frame[0] = (byte) (payload.length >>> 24);
        frame[1] = (byte) (payload.length >>> 16);
        frame[2] = (byte) (payload.length >>> 8);
        frame[3] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 4, payload.length);
        return frame;
    }

    public byte[] readFrame() throws IOException {
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        return payload;
    }

    public String readTextFrame() throws IOException {
        return new String(readFrame(), UTF_8);
    }

    /** Reads until the other side ends the stream, in order or by a reset. */
    public byte[] readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketException reset) {
            // Ended all the same.
        }
        return all.toByteArray();
    }

    public String readTextToEnd() throws IOException {
        return new String(readToEnd(), UTF_8);
    }

    /** Whether bytes have come that were not read. */
    public boolean hasBytes() throws IOException {
        return in.available() > 0;
    }

    public void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes before the test ends. */
    public void end() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
