package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Body of the {@code recovery-point} file, big-endian:
 *
 * <pre>
 * 0  4 number of partitions
 * 4  - for each: the partition's name (see PartitionName), then
 *        8 base offset of the segment
 *        4 position in its file
 *        8 offset there
 *        8 log start offset
 * </pre>
 */
final class RecoveryPointsFile {
    private static final int POINT_BYTES = 28;

    private RecoveryPointsFile() {}

    static ByteBuffer encode(Map<PartitionName, RecoveryPoint> points) {
        int size = Integer.BYTES;
        for (PartitionName name : points.keySet()) {
            size += name.sizeBytes() + POINT_BYTES;
        }
        ByteBuffer body = ByteBuffer.allocate(size).putInt(points.size());
        points.forEach((name, point) -> {
            name.put(body);
            LogPoint durable = point.durable();
            body.putLong(durable.segmentBase()).putInt(durable.position());
            body.putLong(durable.offset()).putLong(point.logStartOffset());
        });
        return body.flip();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static Map<PartitionName, RecoveryPoint> decode(ByteBuffer body) {
        int count = body.remaining() < Integer.BYTES ? -1 : body.getInt();
        Map<PartitionName, RecoveryPoint> points = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            PartitionName name = PartitionName.take(body);
            if (body.remaining() < POINT_BYTES) {
                throw new IllegalArgumentException("entry " + i + " of " + count + " is cut");
            }
            LogPoint durable = new LogPoint(body.getLong(), body.getInt(), body.getLong());
            points.put(name, new RecoveryPoint(name.topicId(), durable, body.getLong()));
        }
        if (count < 0 || body.hasRemaining()) {
            throw new IllegalArgumentException(
                    count + " entries leave " + body.remaining() + " bytes");
        }
        return points;
    }
}
