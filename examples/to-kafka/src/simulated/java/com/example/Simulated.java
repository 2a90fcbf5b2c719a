package com.example;

import io.github.camelmixpanel.export.simulator.FirstPoll;
import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.camel.main.Main;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Time;

/**
 * Three days from a simulated Mixpanel to a Kafka broker in this JVM; then what is in the topic.
 */
public final class Simulated {

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            run();
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    private static void run() throws Exception {
        SimulatedAccount.standIn();
        String brokers = startBroker(Path.of("target", "simulated", "kafka"));
        System.setProperty("KAFKA_BROKERS", brokers);
        FirstPoll.run(new Main());
        show(brokers);
    }

    private static String startBroker(Path folder) throws Exception {
        String brokers = "localhost:" + freePort();
        String controller = "localhost:" + freePort();
        Properties settings = new Properties();
        settings.putAll(
                Map.of(
                        "process.roles", "broker,controller",
                        "node.id", "1",
                        "controller.quorum.voters", "1@" + controller,
                        "controller.listener.names", "CONTROLLER",
                        "listeners", "PLAINTEXT://" + brokers + ",CONTROLLER://" + controller,
                        "offsets.topic.replication.factor", "1",
                        "log.dirs", folder.toString()));
        Files.createDirectories(folder);
        Path file = folder.resolve("server.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        StorageTool.execute(
                new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()},
                new PrintStream(OutputStream.nullOutputStream()));
        new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM).startup();
        return brokers;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void show(String brokers) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", brokers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> topic = List.of(new TopicPartition("mixpanel-events", 0));
            consumer.assign(topic);
            consumer.seekToBeginning(topic);
            long records = consumer.endOffsets(topic).get(topic.get(0));
            ConsumerRecord<String, String> first =
                    consumer.poll(Duration.ofMinutes(1)).iterator().next();
            System.out.println("mixpanel-events has " + records + " records; the first:");
            System.out.println("key of " + first.key().length() + " letters: " + first.key());
            System.out.println("timestamp " + Instant.ofEpochMilli(first.timestamp()));
            first.headers()
                    .forEach(
                            header ->
                                    System.out.println(
                                            "header "
                                                    + header.key()
                                                    + " = "
                                                    + new String(
                                                            header.value(),
                                                            StandardCharsets.UTF_8)));
            System.out.println("value " + first.value());
        }
    }
}
