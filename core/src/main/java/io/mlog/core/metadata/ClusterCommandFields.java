package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.IsrChange;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;

/**
 * The fields of commands about brokers and replicas, behind {@link CommandCodec}'s format and
 * number.
 */
final class ClusterCommandFields {
    private static final int PREFERRED = 0;
    private static final int UNCLEAN = 1;

    private static final int PARTITION_ID_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int ISR_MEMBER_BYTES = Integer.BYTES + Long.BYTES;
    private static final int LEAST_ISR_CHANGE_BYTES = PARTITION_ID_BYTES + 3 * Integer.BYTES;
    private static final int LEAST_PARTITION_BYTES = 2 * Integer.BYTES;
    private static final int LEAST_REASSIGNMENT_BYTES = LEAST_PARTITION_BYTES + Integer.BYTES;

    private ClusterCommandFields() {}

    static void put(RegisterBroker c, FieldWriter out) {
        out.putText(c.nodeId());
        out.putText(c.directoryId());
        out.putLong(c.bootEpoch());
        out.putOptional(c.clientAddress(), out::putAddress);
        out.putAddress(c.rpcAddress());
        out.putAddress(c.raftAddress());
        out.putOptional(c.rack(), out::putText);
        out.putText(c.version());
    }

    static RegisterBroker takeRegistration(FieldReader in) {
        return new RegisterBroker(
                in.takeText(),
                in.takeText(),
                in.takeLong(),
                in.takeOptional(in::takeAddress),
                in.takeAddress(),
                in.takeAddress(),
                in.takeOptional(in::takeText),
                in.takeText());
    }

    static void put(UnfenceBroker c, FieldWriter out) {
        out.putInt(c.brokerId());
        out.putLong(c.bootEpoch());
        out.putList(c.suspects(), out::putPartitionId);
    }

    static UnfenceBroker takeUnfencing(FieldReader in) {
        return new UnfenceBroker(
                in.takeInt(), in.takeLong(), in.takeList(PARTITION_ID_BYTES, in::takePartitionId));
    }

    static void put(ChangePartitions c, FieldWriter out) {
        out.putInt(c.leaderId());
        out.putLong(c.bootEpoch());
        out.putList(
                c.changes(),
                change -> {
                    out.putPartitionId(change.partition());
                    out.putInt(change.proposal().leaderEpoch());
                    out.putInt(change.proposal().partitionEpoch());
                    out.putList(
                            change.proposal().isr(),
                            member -> {
                                out.putInt(member.brokerId());
                                out.putLong(member.bootEpoch());
                            });
                });
    }

    static ChangePartitions takeIsrChanges(FieldReader in) {
        return new ChangePartitions(
                in.takeInt(),
                in.takeLong(),
                in.takeList(LEAST_ISR_CHANGE_BYTES, () -> takeIsrChange(in)));
    }

    private static IsrChange takeIsrChange(FieldReader in) {
        return new IsrChange(
                in.takePartitionId(),
                new IsrProposal(
                        in.takeInt(),
                        in.takeInt(),
                        in.takeList(
                                ISR_MEMBER_BYTES,
                                () -> new IsrMember(in.takeInt(), in.takeLong()))));
    }

    static void put(ElectLeaders c, FieldWriter out) {
        out.putByte(
                switch (c.election()) {
                    case PREFERRED -> PREFERRED;
                    case UNCLEAN -> UNCLEAN;
                });
        out.putList(c.partitions(), out::putPartition);
        out.putInt(c.atMost());
    }

    static ElectLeaders takeElection(FieldReader in) {
        int kind = in.takeByte();
        Election election =
                switch (kind) {
                    case PREFERRED -> Election.PREFERRED;
                    case UNCLEAN -> Election.UNCLEAN;
                    default -> throw in.damaged("an election of kind " + kind);
                };
        return new ElectLeaders(
                election, in.takeList(LEAST_PARTITION_BYTES, in::takePartition), in.takeInt());
    }

    static void put(ReassignPartitions c, FieldWriter out) {
        out.putList(
                c.reassignments(),
                reassignment -> {
                    out.putPartition(reassignment.partition());
                    out.putList(reassignment.replicas(), out::putInt);
                });
    }

    static ReassignPartitions takeReassignments(FieldReader in) {
        return new ReassignPartitions(
                in.takeList(
                        LEAST_REASSIGNMENT_BYTES,
                        () ->
                                new Reassignment(
                                        in.takePartition(),
                                        in.takeList(Integer.BYTES, in::takeInt))));
    }
}
