package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataRecord.ProducerIdsAllocated;
import io.mlog.model.ErrorCode;
import java.util.List;

/** Decides which producer ids are given out. */
final class ProducerIdDecider {
    private ProducerIdDecider() {}

    static Decision allocate(MetadataImage image, AllocateProducerIds command) {
        int count = command.count();
        if (count < 1 || count > MetadataLimits.PRODUCER_IDS_AT_ONCE) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "1 to %d producer ids can be reserved at once, %d were asked for"
                            .formatted(MetadataLimits.PRODUCER_IDS_AT_ONCE, count));
        }
        long first = image.nextProducerId();
        return new Decision.Accepted(
                List.of(new ProducerIdsAllocated(Math.addExact(first, count))),
                after -> new Outcome.ProducerIds(first, count));
    }
}
