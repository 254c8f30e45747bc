# ONNX messages alone, made from the file that libonnx-dev brings (which asks for protobuf's lite
# runtime) and linked statically. libonnx and the full protobuf runtime register schemas and
# descriptors whenever a program starts, which costs milliseconds even where no model is read.
find_package(Threads REQUIRED)
find_path(ONNX_PROTO_FOLDER onnx.proto PATH_SUFFIXES onnx REQUIRED)
find_program(PROTOC protoc REQUIRED)
find_path(PROTOBUF_INCLUDE_DIR google/protobuf/message_lite.h REQUIRED)
find_library(PROTOBUF_LITE_LIBRARY NAMES libprotobuf-lite.a protobuf-lite REQUIRED)

set(onnx_folder ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${onnx_folder})
add_custom_command(
  OUTPUT ${onnx_folder}/onnx.pb.cc ${onnx_folder}/onnx.pb.h
  COMMAND ${PROTOC} --proto_path=${ONNX_PROTO_FOLDER} --cpp_out=${onnx_folder} onnx.proto
  DEPENDS ${ONNX_PROTO_FOLDER}/onnx.proto
  COMMENT "Making the ONNX messages")
add_library(onnx_messages STATIC ${onnx_folder}/onnx.pb.cc ${onnx_folder}/onnx.pb.h)
target_include_directories(onnx_messages SYSTEM PUBLIC ${onnx_folder} ${PROTOBUF_INCLUDE_DIR})
target_link_libraries(onnx_messages PUBLIC ${PROTOBUF_LITE_LIBRARY} Threads::Threads)
