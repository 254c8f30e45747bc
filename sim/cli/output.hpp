#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// Where results and messages go.
namespace ridgeline::cli {

/// Prepares the three standard streams: a closed one is replaced by one that cannot be written, so
/// that no file of ours takes its place, and a reader that goes away is no signal.
void open_standard_streams();

/// Writes results to standard output. Stops quietly if the reader has gone (`| head`).
/// @throws InputError if it cannot be written for another reason.
void print(std::string_view text);
/// Writes a line to standard error, "ridgeline: " before it.
void say(std::string_view message);
/// Whether standard error is a terminal.
[[nodiscard]] bool watched();

struct OutputFile {
  std::filesystem::path path;
  std::string bytes;
};

/// Makes the folder and those above it. @throws InputError with the path and the reason.
void make_folder(const std::filesystem::path& folder);

/// "NETWORK@ARCH", as names of report files begin.
[[nodiscard]] std::string report_stem(std::string_view network, std::string_view arch);

/// Writes all files, or none: each goes to a temporary file in its own folder first, and only when
/// all are complete on the disk do they take their names. Devices and pipes are written directly.
/// @throws InputError with the path and the reason.
void write_files(std::span<const OutputFile> files);
/// The same, and names each file on standard error.
void write_reports(std::span<const OutputFile> files);

}  // namespace ridgeline::cli
