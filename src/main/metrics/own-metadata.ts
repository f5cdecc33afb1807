/** What Belfry says of the series it makes itself, as its sources do of theirs. */
import type { MetricMetadataBook } from './metadata.ts'

type Line = readonly [metric: string, type: 'counter' | 'gauge' | 'summary', help: string]

const own: readonly Line[] = [
  ['belfry_backup_age_seconds', 'gauge', 'Age of the newest whole backup; of this run where there is none.'],
  ['belfry_check_state', 'gauge', 'State of a check: 1 up, 0.5 degraded, 0 down.'],
  ['belfry_collector_up', 'gauge', 'Whether the last run of a collector of a service read what it should.'],
  ['belfry_collector_duration_seconds', 'gauge', 'How long a collector took the last time.'],
  ['belfry_data_age_seconds', 'gauge', 'Age of the newest that was collected.'],
  ['belfry_event_loop_delay_seconds', 'summary', 'How late the main loop came to its work.'],
  ['belfry_metrics_disk_bytes', 'gauge', 'Bytes on disk of the sample store, by part.'],
  ['belfry_metrics_stored_samples', 'gauge', 'Samples in the store.'],
  ['belfry_notices', 'gauge', 'Notices that stand, by level.'],
  ['belfry_notification_latency_seconds', 'gauge', 'From the change of an alert to its delivery, by channel.'],
  ['belfry_notifications_total', 'counter', 'Notifications by channel and what became of them.'],
  ['belfry_processes_ended_total', 'counter', 'Processes of this machine that ended.'],
  ['belfry_processes_started_total', 'counter', 'Processes of this machine that were started.'],
  [
    'belfry_rule_evaluations_skipped_total',
    'counter',
    'Evaluations of rules that were left out, for the one before still ran.',
  ],
  ['belfry_rule_group_duration_seconds', 'gauge', 'How long a group of rules took the last time.'],
  ['belfry_samples_appended_total', 'counter', 'Samples taken since the start.'],
  ['belfry_samples_refused_total', 'counter', 'Samples refused since the start: too old, too far ahead, or no room.'],
  ['belfry_scheduler_lateness_seconds', 'summary', 'How late checks began.'],
  ['belfry_series_active', 'gauge', 'Series with samples within an hour.'],
  ['belfry_series_refused_total', 'counter', 'Series refused since the start by the cardinality budget.'],
  ['belfry_storage_bytes', 'gauge', 'Bytes on disk by kind.'],
  ['belfry_storage_free_bytes', 'gauge', "Free bytes on the data directory's disk."],
  ['belfry_store_commit_seconds', 'summary', 'How long commits took.'],
  ['belfry_store_waiting_units', 'gauge', 'Units of work that wait for their commit.'],
  ['belfry_uplink_up', 'gauge', "Whether this machine's own network is up."],
  ['process_cpu_seconds_total', 'counter', "Processor time of Belfry's own process."],
  ['process_resident_memory_bytes', 'gauge', "Resident memory of Belfry's own process."],
  ['process_start_time_seconds', 'gauge', "Start of Belfry's own process, seconds since 1970."],
  ['probe_success', 'gauge', 'Whether the probe succeeded.'],
  ['probe_duration_seconds', 'gauge', 'How long the probe took.'],
  ['probe_failed_due_to_regex', 'gauge', 'Whether the probe failed because of a pattern.'],
  ['probe_http_status_code', 'gauge', 'Status code of the last response.'],
  ['probe_http_duration_seconds', 'gauge', 'How long each phase of the request took, over all redirects.'],
  ['probe_http_content_length', 'gauge', 'Length of the response as its header tells.'],
  ['probe_http_uncompressed_body_length', 'gauge', 'Length of the body when unpacked.'],
  ['probe_http_redirects', 'gauge', 'Redirects that were followed.'],
  ['probe_http_ssl', 'gauge', 'Whether the last response came over TLS.'],
  ['probe_http_version', 'gauge', 'Version of HTTP of the last response.'],
  ['probe_ssl_earliest_cert_expiry', 'gauge', 'When the first certificate of the chain expires, seconds since 1970.'],
  ['probe_ssl_last_chain_expiry_timestamp_seconds', 'gauge', 'When the last of the valid chains expires.'],
  ['probe_dns_lookup_time_seconds', 'gauge', 'How long the resolution of the name took.'],
  ['probe_icmp_duration_seconds', 'gauge', 'How long each phase of the ping took.'],
  ['probe_icmp_packet_loss_ratio', 'gauge', 'Share of pings without an answer.'],
  ['probe_ip_protocol', 'gauge', 'Whether it was IPv4 or IPv6.'],
]

export function describeOwnMetrics(metadata: MetricMetadataBook): void {
  for (const [metric, type, help] of own) metadata.put(metric, { type, help, unit: unitOf(metric) })
}

/** Names end in their unit, a counter's before `_total`. */
function unitOf(metric: string): string {
  return /_(seconds|bytes|ratio)(?:_total)?$/.exec(metric)?.[1] ?? ''
}
