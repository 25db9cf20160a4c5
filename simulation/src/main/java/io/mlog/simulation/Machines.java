package io.mlog.simulation;

import io.mlog.core.metadata.MetadataCommand;
import io.mlog.model.HostPort;
import java.util.ArrayList;
import java.util.List;

/**
 * The machines of a cluster and what is between them.
 *
 * @param all brokers, the one with id 1 first
 */
record Machines(
        Scheduler scheduler,
        Network network,
        Quorum quorum,
        Settings settings,
        Proposals proposals,
        List<SimulatedBroker> all) {
    SimulatedBroker broker(int id) {
        return all.get(id - 1);
    }

    /** Makes a broker the first replica of every partition, and the leader if it is in sync. */
    void prefer(int first) {
        List<Integer> order = new ArrayList<>(List.of(first));
        all.stream().map(SimulatedBroker::id).filter(id -> id != first).forEach(order::add);
        List<MetadataCommand.Reassignment> wishes = new ArrayList<>();
        for (int index = 0; index < settings.partitions(); index++) {
            wishes.add(new MetadataCommand.Reassignment(settings.partition(index), order));
        }
        quorum.apply(new MetadataCommand.ReassignPartitions(wishes));
        quorum.apply(
                new MetadataCommand.ElectLeaders(
                        MetadataCommand.Election.PREFERRED, List.of(), settings.partitions()));
    }

    SimulatedBroker at(HostPort address) {
        return all.stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing is at " + address));
    }
}
