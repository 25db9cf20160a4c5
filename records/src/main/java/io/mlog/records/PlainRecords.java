package io.mlog.records;

import java.nio.ByteBuffer;

/** The records of a batch that is not compressed, as views of its buffer. */
final class PlainRecords implements RecordBodies {
    private final ByteBuffer records;

    /**
     * @param records the records between position and limit; its position moves
     */
    PlainRecords(ByteBuffer records) {
        this.records = records;
    }

    @Override
    public ByteBuffer next() {
        int length = Varint.readInt(records);
        if (length < 0 || length > records.remaining()) {
            throw new RecordFormatException(
                    "its length is "
                            + length
                            + " where "
                            + records.remaining()
                            + " bytes are left");
        }
        ByteBuffer body = records.slice(records.position(), length);
        records.position(records.position() + length);
        return body;
    }

    @Override
    public boolean atEnd() {
        return !records.hasRemaining();
    }

    @Override
    public void close() {}
}
