package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataCommand.Retired;
import io.mlog.model.TopicId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataFormatTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSameCommandsGiveTheSameBytesAlsoThroughTheCodecAndASnapshot(long seed) {
        RandomCommands commands = new RandomCommands(seed);
        MetadataMachine direct = new MetadataMachine(MetadataImage.EMPTY);
        MetadataMachine other = new MetadataMachine(MetadataImage.EMPTY);
        for (int index = 1; index <= 2500; index++) {
            MetadataCommand command = commands.next(direct.image());
            MetadataCommand read =
                    CommandCodec.decode(ByteBuffer.wrap(CommandCodec.encode(command)));
            assertThat(read).isEqualTo(command);
            assertThat(other.apply(index, read)).isEqualTo(direct.apply(index, command));
            if (index % 100 == 0) {
                byte[] snapshot = ImageCodec.encode(direct.image());
                assertThat(ImageCodec.encode(other.image())).isEqualTo(snapshot);
                other = new MetadataMachine(ImageCodec.decode(ByteBuffer.wrap(snapshot)));
                assertThat(other.image()).isEqualTo(direct.image());
                assertThat(ImageCodec.hash(other.image()))
                        .isEqualTo(ImageCodec.hash(direct.image()));
            }
        }
        assertThat(direct.image().topicsByName()).as("seed %d does something", seed).isNotEmpty();
        assertThat(direct.image().brokers()).isNotEmpty();
    }

    @Test
    void theBytesOfFormat1StayAsTheyWere() {
        byte[] bytes = CommandCodec.encode(new DeleteTopic("ab", new TopicId(1, 2)));
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("010400000002616200000000000000010000000000000002");

        MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
        machine.apply(7, new CreateCluster("c"));
        String body =
                "0000000000000007"
                        + "0000000000000001"
                        + "00000002"
                        + "0000000163"
                        + "00000001"
                        + "0000000000000000"
                        + "000000000000000000000000";
        assertThat(HexFormat.of().formatHex(ImageCodec.encode(machine.image())))
                .startsWith("4d4c4d5300000001")
                .endsWith(body);
    }

    @Test
    void aClusterKeepsTheLevelThatItWasFoundedWith() {
        byte[] before = HexFormat.of().parseHex("0101" + "0000000163");
        byte[] now = HexFormat.of().parseHex("0113" + "0000000163" + "00000002");
        assertThat(CommandCodec.decode(ByteBuffer.wrap(before)))
                .isEqualTo(new CreateCluster("c", 1));
        assertThat(CommandCodec.encode(new CreateCluster("c"))).isEqualTo(now);

        MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
        machine.apply(1, CommandCodec.decode(ByteBuffer.wrap(before)));
        assertThat(machine.image().level()).isEqualTo(1);
        byte[] snapshot = ImageCodec.encode(machine.image());
        assertThat(ImageCodec.decode(ByteBuffer.wrap(snapshot)).level()).isEqualTo(1);
    }

    @Test
    void aLevelThatThisBuildDoesNotKnowIsNamed() {
        byte[] command = CommandCodec.encode(new CreateCluster("c", 3));
        assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(command)))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining("level 3")
                .hasMessageContaining("up to 2");
    }

    @Test
    void whatEarlierBuildsHaveWrittenIsReadAndDropped() {
        byte[] commit =
                HexFormat.of()
                        .parseHex(
                                "0109"
                                        + "0000000167"
                                        + "00000001"
                                        + "000000066f726465727300000000"
                                        + "0000000000000005"
                                        + "00000000000003e8");
        byte[] compare = HexFormat.of().parseHex("010a" + "00000000000003e8" + "0123456789abcdef");
        assertThat(CommandCodec.decode(ByteBuffer.wrap(commit))).isEqualTo(new Retired(9));
        assertThat(CommandCodec.decode(ByteBuffer.wrap(compare))).isEqualTo(new Retired(10));
        assertThatThrownBy(() -> CommandCodec.encode(new Retired(9)))
                .isInstanceOf(IllegalArgumentException.class);

        MetadataImage image = someImage();
        assertThat(ImageCodec.decode(ByteBuffer.wrap(withGroups(image)))).isEqualTo(image);
    }

    /** A snapshot of an earlier build, in which the group "g" has read 5 records of orders-0. */
    private static byte[] withGroups(MetadataImage image) {
        byte[] now = ImageCodec.encode(image);
        byte[] groups =
                HexFormat.of()
                        .parseHex(
                                "00000001"
                                        + "0000000167"
                                        + "00000001"
                                        + "000000066f726465727300000000"
                                        + "0000000000000005"
                                        + "00000000000003e8");
        ByteBuffer then = ByteBuffer.allocate(now.length - Integer.BYTES + groups.length);
        then.put(now, 0, now.length - Integer.BYTES).put(groups);
        CRC32C crc = new CRC32C();
        crc.update(then.slice(12, then.limit() - 12));
        return then.putInt(8, (int) crc.getValue()).array();
    }

    @Test
    void aNewerFormatIsNamedAndNotSkipped() {
        byte[] command = CommandCodec.encode(new CreateCluster("c"));
        byte[] newer = command.clone();
        newer[0] = 2;
        assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(newer)))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer");
        byte[] unknown = command.clone();
        unknown[1] = 99;
        assertThatThrownBy(() -> CommandCodec.decode(ByteBuffer.wrap(unknown)))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining("number 99");
        byte[] snapshot = ImageCodec.encode(MetadataImage.EMPTY);
        snapshot[7] = 2;
        assertThatThrownBy(() -> ImageCodec.decode(ByteBuffer.wrap(snapshot)))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void everyPrefixAndEveryChangedByteOfASnapshotIsFound() {
        byte[] snapshot = ImageCodec.encode(someImage());
        for (int length = 0; length < snapshot.length; length++) {
            byte[] prefix = Arrays.copyOf(snapshot, length);
            assertThatThrownBy(() -> ImageCodec.decode(ByteBuffer.wrap(prefix)))
                    .isInstanceOf(MetadataFormatException.class);
        }
        for (int i = 0; i < snapshot.length; i++) {
            byte[] damaged = snapshot.clone();
            damaged[i] ^= 0x10;
            assertThatThrownBy(() -> ImageCodec.decode(ByteBuffer.wrap(damaged)))
                    .isInstanceOf(MetadataFormatException.class);
        }
    }

    @Test
    void damagedCommandsAreReadOrRefusedButNothingElse() {
        Random random = new Random(42);
        RandomCommands commands = new RandomCommands(42);
        MetadataImage image = someImage();
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = CommandCodec.encode(commands.next(image));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(2));
            try {
                assertThat(CommandCodec.decode(ByteBuffer.wrap(damaged))).isNotNull();
            } catch (MetadataFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2500);
    }

    private static MetadataImage someImage() {
        RandomCommands commands = new RandomCommands(6);
        MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
        for (int index = 1; index <= 120; index++) {
            machine.apply(index, commands.next(machine.image()));
        }
        assertThat(machine.image().topicsByName()).isNotEmpty();
        return machine.image();
    }
}
