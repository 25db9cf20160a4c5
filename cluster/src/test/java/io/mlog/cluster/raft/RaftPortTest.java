package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftPortTest {
    @TempDir Path directory;

    @Test
    void garbageIsDisconnectedAndTheNodeGoesOn() throws Exception {
        byte[] random = new byte[4096];
        new Random(1).nextBytes(random);
        try (Node node = Node.start(Node.settings(directory))) {
            assertThat(isDisconnectedAfter(node, random)).isTrue();
            assertThat(isDisconnectedAfter(node, ascii("GET / HTTP/1.1\r\n\r\n"))).isTrue();
            assertThat(isDisconnectedAfter(node, ascii("mlograf1\u007f\u007f\u007f\u007f")))
                    .isTrue();
            assertThat(isDisconnectedAfter(node, ascii("mlograf1\0\0\0\0"))).isTrue();

            assertThat(node.done(new AllocateProducerIds(1))).isNotNull();
            assertThat(node.fatal).isEmpty();
        }
    }

    @Test
    void aCallThatCannotBeReadIsAnsweredWithAReason() throws Exception {
        try (Node node = Node.start(Node.settings(directory));
                Socket socket = new Socket("127.0.0.1", node.address.port())) {
            socket.setSoTimeout(5000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(ascii("mlograf1"));
            out.writeInt(2);
            out.write(new byte[] {9, 9});
            out.flush();

            byte[] reply = socket.getInputStream().readNBytes(5);
            assertThat(reply[4]).as("failed").isEqualTo((byte) 1);
            byte[] sentence = socket.getInputStream().readNBytes(reply[3] - 1);
            assertThat(new String(sentence, StandardCharsets.UTF_8)).contains("no call 9");
        }
    }

    private static boolean isDisconnectedAfter(Node node, byte[] bytes) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", node.address.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().read() == -1;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
