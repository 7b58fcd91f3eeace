# hash_from_xml.rb FILE: what ActiveSupport, as GitLab uses it, reads of a JUnit report.
require "active_support"
require "active_support/core_ext/hash/conversions"

suite = Hash.from_xml(File.read(ARGV[0]))["testsuites"]["testsuite"]
puts suite.values_at("tests", "failures", "errors", "skipped").join(" ")
suite["testcase"].each do |test|
  result = %w[failure error skipped].find { |key| test.key?(key) }
  puts "#{test["name"].split(":")[0]} #{result || "passed"}"
end
