package io.mlog.broker.net;

import io.mlog.records.RecordsSlice;
import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/**
 * A slice of a segment's file on its way to a socket by sendfile. Gives the slice back when it was
 * sent or dropped, and leaves the file open: it is the segment's.
 */
final class RecordsRegion extends DefaultFileRegion {
    private final RecordsSlice slice;

    RecordsRegion(RecordsSlice slice, FileChannel file) {
        super(file, slice.filePosition(), slice.sizeBytes());
        this.slice = slice;
    }

    @Override
    protected void deallocate() {
        slice.release();
    }
}
