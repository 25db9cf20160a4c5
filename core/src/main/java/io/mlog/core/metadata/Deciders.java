package io.mlog.core.metadata;

import io.mlog.model.ErrorCode;
import java.util.List;

/**
 * Which decider answers which command. All of this is part of the metadata's format: two nodes must
 * come to the same decision, so a change of any decider is gated by {@link MetadataImage#level}.
 */
final class Deciders {
    private Deciders() {}

    static Decision decide(MetadataImage image, MetadataCommand command) {
        return Decision.of(() ->
                switch (command) {
                    case MetadataCommand.CreateCluster c -> BrokerDecider.found(image, c);
                    case MetadataCommand.RegisterBroker c -> BrokerDecider.register(image, c);
                    case MetadataCommand.CreateTopic c -> TopicDecider.create(image, c);
                    case MetadataCommand.DeleteTopic c -> TopicDecider.delete(image, c);
                    case MetadataCommand.CreatePartitions c -> TopicDecider.addPartitions(image, c);
                    case MetadataCommand.SetTopicConfigs c -> TopicConfigDecider.edit(image, c);
                    case MetadataCommand.ReplaceTopicConfigs c ->
                            TopicConfigDecider.replace(image, c);
                    case MetadataCommand.AllocateProducerIds c ->
                            ProducerIdDecider.allocate(image, c);
                    case MetadataCommand.UnfenceBroker c -> FencingDecider.unfence(image, c);
                    case MetadataCommand.FenceBroker c -> FencingDecider.fence(image, c);
                    case MetadataCommand.BeginShutdown c -> FencingDecider.beginShutdown(image, c);
                    case MetadataCommand.UnregisterBroker c -> BrokerDecider.unregister(image, c);
                    case MetadataCommand.ChangePartitions c -> IsrDecider.change(image, c);
                    case MetadataCommand.ElectLeaders c -> ElectionDecider.elect(image, c);
                    case MetadataCommand.ReassignPartitions c ->
                            ReassignmentDecider.reassign(image, c);
                    case MetadataCommand.CompareImage c -> Decision.accept(List.of());
                    case MetadataCommand.Retired c ->
                            throw Decision.refuse(
                                    ErrorCode.UNSUPPORTED_VERSION,
                                    "metadata command number %d is of an earlier build: start the same build on every node"
                                            .formatted(c.number()));
                });
    }
}
