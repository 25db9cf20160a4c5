package io.mlog.broker.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.services.ProducerIdentity;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {
    private final InMemoryMetadataLog log = new InMemoryMetadataLog(image -> {});

    @Test
    void noIdIsGivenTwiceWhateverRestarts() {
        Set<Long> given = new HashSet<>();
        for (int life = 0; life < 3; life++) {
            ProducerIds ids = new ProducerIds(log);
            for (int i = 0; i < 1500; i++) {
                ProducerIdentity identity = ids.next().join();
                assertThat(given.add(identity.producerId())).as("%s", identity).isTrue();
                assertThat(identity.producerEpoch()).isZero();
            }
        }
    }
}
