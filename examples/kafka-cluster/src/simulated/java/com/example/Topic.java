package com.example;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What is in a topic. */
final class Topic {

    private Topic() {}

    /** A group finds one that is made later only when it looks again, minutes later. */
    static void create(String brokers, String... names) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(Stream.of(names).map(it -> new NewTopic(it, 6, (short) 1)).toList())
                    .all()
                    .get();
        }
    }

    /** Until so many members of a group have partitions, and all have theirs. */
    static void awaitReaders(String brokers, String group, int members) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            while (true) {
                ConsumerGroupDescription found =
                        admin.describeConsumerGroups(List.of(group))
                                .describedGroups()
                                .get(group)
                                .get();
                if (found.state() == ConsumerGroupState.STABLE
                        && found.members().size() == members) {
                    return;
                }
                Thread.sleep(200);
            }
        }
    }

    /** All values, from the first to the last of now. */
    static List<String> values(String brokers, String name) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", brokers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(name).stream()
                            .map(it -> new TopicPartition(name, it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long left = consumer.endOffsets(partitions).values().stream().mapToLong(it -> it).sum();
            List<String> values = new ArrayList<>();
            while (values.size() < left) {
                for (ConsumerRecord<String, String> it : consumer.poll(Duration.ofSeconds(10))) {
                    values.add(it.value());
                }
            }
            return values;
        }
    }
}
