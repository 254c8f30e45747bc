#include "models/network/zoo/catalogue.hpp"

/// AlexNet (Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks",
/// 2012) with its two towers as groups of conv2, conv4 and conv5. Names, 227 input and the LRN
/// constants are those of Caffe's bvlc_alexnet (k = 1; the paper has k = 2 and does not divide
/// alpha by the size). LRN after the ReLU of conv1 and conv2, before the pool, as in section 3.5.
/// Dropout is left out.
namespace ridgeline::zoo {
namespace {

constexpr Window window(int kernel, int stride = 1, int pad = 0) {
  return {.R = kernel, .S = kernel, .stride = {stride, stride}, .pad = {pad, pad, pad, pad}};
}

/// The means over imagenet_mean.binaryproto, as Caffe's classification example takes them.
constexpr Preprocessing kPicture{.channels = ChannelOrder::bgr,
                                 .mean = {104.00698793, 116.66876762, 122.67891434},
                                 .fit = PictureFit::stretch};

class Builder {
 public:
  explicit Builder(const std::string& name)
      : net_(name, "github.com/BVLC/caffe, models/bvlc_alexnet", {.C = 3, .H = 227, .W = 227},
             "data"),
        x_(net_.input()) {
    net_.set_preprocessing(kPicture);
  }

  void conv(const std::string& number, const ConvOp& op) {
    x_ = net_.relu("relu" + number, net_.conv("conv" + number, x_, op));
  }
  void norm(const std::string& number) { x_ = net_.add("norm" + number, LrnOp{}, {x_}); }
  void pool(const std::string& number) {
    x_ = net_.pool("pool" + number, x_, {.window = window(3, 2), .ceil_mode = true});
  }
  void full(const std::string& number, int M) {
    x_ = net_.fully_connected("fc" + number, x_, {.M = M});
  }
  void full_relu(const std::string& number, int M) {
    full(number, M);
    x_ = net_.relu("relu" + number, x_);
  }
  Network build() && { return std::move(net_).build(); }

 private:
  NetworkBuilder net_;
  NodeId x_;
};

Network build(const std::string& name) {
  Builder net(name);
  net.conv("1", {.M = 96, .window = window(11, 4)});
  net.norm("1");
  net.pool("1");
  net.conv("2", {.M = 256, .G = 2, .window = window(5, 1, 2)});
  net.norm("2");
  net.pool("2");
  net.conv("3", {.M = 384, .window = window(3, 1, 1)});
  net.conv("4", {.M = 384, .G = 2, .window = window(3, 1, 1)});
  net.conv("5", {.M = 256, .G = 2, .window = window(3, 1, 1)});
  net.pool("5");
  net.full_relu("6", 4096);
  net.full_relu("7", 4096);
  net.full("8", 1000);
  return std::move(net).build();
}

}  // namespace

Catalogue alexnet() {
  return {.networks = {{"alexnet", "AlexNet at 227: two towers (groups), LRN", build}}};
}

}  // namespace ridgeline::zoo
